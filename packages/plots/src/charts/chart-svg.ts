import { CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { short } from '../series.js';
import { pointsOf, type Axis, type Chart } from './chart.js';
import { colorVariables, inks, withVariables } from './colors.js';
import { drawnSeries } from './drawn-series.js';
import { plain } from './plain.js';
import { roundPart, ticksAround, type Ticks } from './ticks.js';

/** Size of a chart. */
export interface ChartSvgOptions {
  /** In pixels. Default 340 × 220, readable on a phone. */
  readonly width?: number;
  readonly height?: number;
}

const fontFamily = 'system-ui, -apple-system, Roboto, Helvetica, Arial, sans-serif';
const fontSize = 12;
/** The mean width of a character of that size. */
const characterWidth = 7;

/**
 * Draws a chart as an SVG element for a page. Colors are variables of the page (`--plot-0` to `--plot-6`, `--plot-ink`, `--plot-faint`), so
 * that it can be light or dark; without them the colors for a light page apply. The same chart gives the same text.
 * @example chartSvg({ x: { label: 'update' }, y: { label: 'T' }, lines: [{ color: 0, points: [[0, 20], [99, 1]] }] })
 */
export function chartSvg(chart: Chart, { width = 340, height = 220 }: ChartSvgOptions = {}): string {
  echarts.use([CustomChart, LineChart, ScatterChart, GridComponent, MarkLineComponent, SVGRenderer]);
  const points = pointsOf(chart);
  const x = ticksOf(
    chart.x,
    points.map(([first]) => first),
    6,
  );
  const y = ticksOf(
    chart.y,
    points.map(([, second]) => second),
    5,
  );
  const labels = chart.y.names?.map((name) => fitting(name, width / 3)) ?? labelsOf(chart.y, y);
  const left = 12 + Math.ceil(characterWidth * Math.max(1, ...labels.map((label) => [...label].length)));
  const canvas = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    canvas.setOption({
      animation: false,
      backgroundColor: 'transparent',
      textStyle: { fontFamily, fontSize, color: inks.ink },
      grid: { left, right: 18, top: chart.y.label === '' ? 10 : 28, bottom: 42 },
      xAxis: {
        ...valueAxis(chart.x, x),
        name: chart.x.label,
        nameLocation: 'middle',
        nameGap: 26,
        nameTextStyle: { color: inks.ink, fontSize },
      },
      yAxis: chart.y.names === undefined ? titledAxis(chart.y, y, left) : rowAxis(labels),
      series: drawnSeries(chart),
    });
    const root =
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
      `font-size="${fontSize}" font-family="${fontFamily}">`;
    // All texts have the font of the document.
    const drawn = plain(canvas.renderToSVGString()).replace(/ style="font-size:[^"]*"/g, '');
    return withVariables(drawn).replace(/^<svg [^>]*>/, root);
  } finally {
    canvas.dispose();
  }
}

/** The variables of a page for its charts, as declarations of CSS. */
export const chartVariables = colorVariables;

function ticksOf({ range, names }: Axis, values: readonly number[], most: number): Ticks {
  if (names !== undefined) return { min: -0.5, max: names.length - 0.5, interval: 1 };
  if (range === undefined) return ticksAround(values, most);
  const [min, max] = range;
  return { min, max, interval: roundPart(max - min, most) };
}

function labelsOf(axis: Axis, { min, max, interval }: Ticks): string[] {
  const count = Math.min(20, Math.round((max - min) / interval));
  return Array.from({ length: count + 1 }, (_, i) => labelOf(axis, min + i * interval));
}

const labelOf = ({ unit }: Axis, value: number): string =>
  unit === 'share' ? `${short(Number((100 * value).toPrecision(10)))} %` : short(Number(value.toPrecision(10)), 7);

const valueAxis = (axis: Axis, ticks: Ticks): object => ({
  type: 'value',
  ...ticks,
  axisLabel: {
    color: inks.ink,
    fontSize,
    hideOverlap: true,
    formatter: (value: number) => labelOf(axis, value),
    // Ends that are not round are not labeled: their labels would overlap others.
    showMinLabel: isMultiple(ticks.min, ticks.interval),
    showMaxLabel: isMultiple(ticks.max, ticks.interval),
  },
  axisLine: { show: true, onZero: false, lineStyle: { color: inks.axis } },
  axisTick: { show: true, lineStyle: { color: inks.axis } },
  splitLine: { lineStyle: { color: inks.faint } },
});

const isMultiple = (value: number, interval: number): boolean => Math.abs(value / interval - Math.round(value / interval)) < 1e-6;

/** Returns an axis with its title above it, since rotated text is hard to read. */
const titledAxis = (axis: Axis, ticks: Ticks, left: number): object => ({
  ...valueAxis(axis, ticks),
  name: axis.label,
  nameLocation: 'end',
  nameGap: 10,
  nameTextStyle: { color: inks.ink, fontSize, align: 'left', padding: [0, 0, 0, 4 - left] },
});

const rowAxis = (labels: readonly string[]): object => ({
  type: 'category',
  data: labels,
  inverse: true,
  axisLabel: { color: inks.ink, fontSize, interval: 0 },
  axisLine: { lineStyle: { color: inks.axis } },
  axisTick: { show: false },
});

/** Shortens a name to a width in pixels. */
function fitting(name: string, width: number): string {
  const most = Math.floor(width / characterWidth);
  const characters = [...name];
  return characters.length <= most ? name : `${characters.slice(0, most - 1).join('')}…`;
}
