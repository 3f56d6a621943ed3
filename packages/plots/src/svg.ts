import { LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { plain } from './charts/plain.js';
import { roundPart } from './charts/ticks.js';
import { finite, panelsOf, short, type Panel, type PlotOptions, type Series } from './series.js';

export { chartSvg, chartVariables, type ChartSvgOptions } from './charts/chart-svg.js';
export type { Axis, BandMark, Chart, DotsMark, IntervalMark, LineMark } from './charts/chart.js';

/** Options of `plotSvg`. */
export interface SvgOptions extends PlotOptions {
  /** Width of the whole drawing and height of one panel, in pixels. Default 760 and 220. */
  readonly width?: number;
  readonly panelHeight?: number;
}

const colors = ['#2563eb', '#d97706', '#059669', '#9333ea', '#dc2626', '#0891b2', '#4b5563'];
const ink = '#374151';
const faint = '#e5e7eb';
const margin = { left: 64, right: 24, heading: 46, below: 34 };

/**
 * Draws series as an SVG document, with the panels below each other on the same horizontal axis.
 * @example plotSvg([{ name: 'temperature', points: [[0, 20], [99, 1]] }])
 */
export function plotSvg(series: readonly Series[], options: SvgOptions = {}): string {
  echarts.use([LineChart, ScatterChart, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, SVGRenderer]);
  const { title, width = 760, panelHeight = 220, xLabel = 'step' } = options;
  const panels = panelsOf(series, options);
  const top = title === undefined ? 8 : 40;
  const height = top + panels.length * panelHeight + 24;
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    const begin = (index: number): number => top + index * panelHeight;
    chart.setOption({
      animation: false,
      backgroundColor: '#ffffff',
      color: colors,
      textStyle: { fontFamily: 'system-ui, -apple-system, Roboto, Helvetica, Arial, sans-serif', color: ink },
      title: [
        ...(title === undefined ? [] : [{ text: title, left: 16, top: 10, textStyle: { fontSize: 16, color: ink } }]),
        ...panels.map(({ name }, i) => ({
          text: name,
          left: 16,
          top: begin(i) + 8,
          textStyle: { fontSize: 13, fontWeight: 600, color: ink },
        })),
      ],
      legend: panels.flatMap((panel, i) => legendOf(panel, begin(i) + 8)),
      grid: panels.map((_, i) => ({
        left: margin.left,
        right: margin.right,
        top: begin(i) + margin.heading,
        height: panelHeight - margin.heading - margin.below,
      })),
      xAxis: panels.map((_, i) => xAxis(i, extentOf(series), i === panels.length - 1 ? xLabel : undefined)),
      yAxis: panels.map((panel, i) => yAxis(panel, i, panelHeight)),
      series: panels.flatMap((panel, i) => drawPanel(panel, i, options.epochs ?? [])),
    });
    return plain(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

const idOf = (panel: Panel, label: string): string => `${panel.name}.${label}`;

/** A panel with one series of the same name needs no legend. */
function legendOf(panel: Panel, top: number): object[] {
  if (panel.series.length === 1 && panel.series[0]?.label === panel.name) return [];
  const entries = panel.series.map(({ label, marks = false }) => ({
    name: idOf(panel, label),
    icon: marks ? 'circle' : 'path://M0,3h16v2h-16z',
  }));
  const text = {
    itemWidth: 16,
    itemHeight: 8,
    itemGap: 16,
    textStyle: { color: ink, fontSize: 12 },
    formatter: (name: string) => name.slice(panel.name.length + 1),
  };
  return [{ data: entries, top, right: margin.right, ...text }];
}

/** Returns the range of updates; it starts at 0 if the first update is near 0, like the first evaluation. */
function extentOf(series: readonly Series[]): { min: number; max: number } {
  const steps = series.flatMap(({ points }) => (points.length === 0 ? [] : [points[0]?.[0] ?? 0, points[points.length - 1]?.[0] ?? 0]));
  const [min, max] = steps.length === 0 ? [0, 1] : [Math.min(...steps), Math.max(...steps)];
  return { min: min > 0 && min < max / 10 ? 0 : min, max };
}

function xAxis(gridIndex: number, extent: { min: number; max: number }, name: string | undefined): object {
  // Whole updates.
  const part = Math.max(1, roundPart(extent.max - extent.min, 8));
  return {
    gridIndex,
    type: 'value',
    ...extent,
    ...(name === undefined ? {} : { name, nameLocation: 'middle', nameGap: 28, nameTextStyle: { color: ink } }),
    // The ends of a run are rarely round numbers; their labels would overlap others.
    interval: part,
    axisLabel: {
      color: ink,
      hideOverlap: true,
      formatter: (step: number) => short(step, 7),
      showMinLabel: extent.min % part === 0,
      showMaxLabel: extent.max % part === 0,
    },
    axisLine: { lineStyle: { color: '#9ca3af' } },
    axisTick: { lineStyle: { color: '#9ca3af' } },
    splitLine: { show: false },
  };
}

function yAxis(panel: Panel, gridIndex: number, panelHeight: number): object {
  return {
    gridIndex,
    type: panel.logarithmic ? 'log' : 'value',
    scale: panel.logarithmic || isFarFromZero(panel),
    splitNumber: Math.max(2, Math.round(panelHeight / 55)),
    axisLabel: { color: ink, formatter: (value: number) => short(value) },
    splitLine: { lineStyle: { color: faint } },
  };
}

/** Returns whether an axis from 0 would be mostly empty, as with accuracies near 1. */
function isFarFromZero({ series }: Panel): boolean {
  const values = series.flatMap(({ points }) => finite(points).map(([, value]) => Math.abs(value)));
  const [least, most] = [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), 0)];
  return least < most && least > most / 2;
}

function drawPanel(panel: Panel, index: number, epochs: readonly number[]): object[] {
  return panel.series.map(({ label, points, marks = false, color }, i) => ({
    name: idOf(panel, label),
    type: marks ? 'scatter' : 'line',
    clip: false, // All points are inside, and `plain` removes clip paths.
    xAxisIndex: index,
    yAxisIndex: index,
    data: points.map(([step, value]) => [step, Number.isFinite(value) ? value : null]),
    z: marks ? 3 : 2,
    itemStyle: { color: colors[color % colors.length], opacity: 1 },
    ...(marks
      ? { symbolSize: 6 }
      : { showSymbol: points.length === 1, lineStyle: { width: 2 }, ...(points.length > 2000 ? { sampling: 'lttb' } : {}) }),
    ...(i === 0 && epochs.length > 0 ? { markLine: epochLines(epochs) } : {}),
  }));
}

function epochLines(epochs: readonly number[]): object {
  return {
    symbol: 'none',
    silent: true,
    animation: false,
    label: { show: false },
    lineStyle: { color: '#d1d5db', type: 'dashed', width: 1 },
    data: epochs.map((step) => ({ xAxis: step })),
  };
}
