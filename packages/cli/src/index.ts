export { defineDistillation, type DistillationConfig } from './define.js';
export { standardPlugins, type StandardPlugins } from './standard.js';
export { createDisplay, type Display } from './reporters/display.js';
export { processTerminal, type Colors, type Terminal } from './terminal.js';
export { plotSvg, plotTerminal, type PlotOptions, type Series, type SvgOptions, type TerminalOptions } from './plot/index.js';
