export { consoleJson, jsonl, reporters, tensorboard } from './plugin.js';
export { terminal, TerminalReporter } from './terminal/terminal.js';
export { createDisplay } from './terminal/create-display.js';
export type { Display, DisplayOptions } from './terminal/display.js';
export { colorsOf, processScreen, type Colors, type Screen } from './terminal/screen.js';
export { counted, duration, figure, percent, short } from './terminal/format.js';
