export { defineComparison, defineDistillation, type DistillationConfig } from './define.js';
export { standardPlugins, type StandardPlugins } from './standard.js';
export { processTerminal, type Terminal } from './terminal.js';
