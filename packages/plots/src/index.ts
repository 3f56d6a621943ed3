export type { PlotOptions, Series } from './series.js';
export { plotSvg, type SvgOptions } from './svg.js';
export { plotTerminal, type TerminalOptions } from './terminal.js';
