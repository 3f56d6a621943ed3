export { defineDistillation, type DistillationConfig } from './define.js';
export { standardPlugins, type StandardPlugins } from './standard.js';
export { createDisplay, type Display } from './reporters/display.js';
export { processTerminal, type Colors, type Terminal } from './terminal.js';
