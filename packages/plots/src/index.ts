export type { Axis, BandMark, Chart, DotsMark, IntervalMark, LineMark } from './charts/chart.js';
export type { PlotOptions, Series } from './series.js';
export { chartSvg, chartVariables, plotSvg, type ChartSvgOptions, type SvgOptions } from './svg.js';
export { plotTerminal, type TerminalOptions } from './terminal.js';
