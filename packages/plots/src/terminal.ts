import { plot, type Color } from 'simple-ascii-chart';
import { finite, panelsOf, short, type Panel, type PlotOptions, type Series } from './series.js';

/** Options of `plotTerminal`. */
export interface TerminalOptions extends PlotOptions {
  /** Width of the terminal in columns, which the drawing must not exceed. Default 80. */
  readonly columns?: number;
  /** Rows of one panel's plot. Default 12. */
  readonly height?: number;
  /** Draws each series in its own color; leave it out if the output is not a terminal. */
  readonly color?: boolean;
}

/** Colors of the series, in the chart and its legend. */
const colors: readonly (readonly [Color, number])[] = [
  ['ansiCyan', 36],
  ['ansiYellow', 33],
  ['ansiGreen', 32],
  ['ansiMagenta', 35],
  ['ansiBlue', 34],
  ['ansiRed', 31],
];
const colorOf = (series: number): readonly [Color, number] => colors[series % colors.length] as readonly [Color, number];

/** A wider chart shows no more detail. */
const widest = 100;
/** The axis, its arrow and the space around them. */
const besideChart = 4;

/**
 * Draws series as text, with the panels below each other; the series of a panel share its axis.
 * @example plotTerminal([{ name: 'temperature', points: [[0, 20], [99, 1]] }])
 */
export function plotTerminal(series: readonly Series[], options: TerminalOptions = {}): string {
  const panels = panelsOf(series, options).map((panel) => drawPanel(panel, options));
  return [...(options.title === undefined ? [] : [options.title]), ...panels].join('\n');
}

function drawPanel(panel: Panel, { columns = 80, height = 12, color = false, epochs = [], xLabel = 'step' }: TerminalOptions): string {
  const scale = panel.logarithmic ? Math.log10 : (value: number): number => value;
  const back = panel.logarithmic ? (value: number): number => 10 ** value : scale;
  const heading = headingOf(panel, columns, color);
  const drawn = panel.series
    .map(({ points, marks = false, color: own }) => ({
      marks,
      color: colorOf(own)[0],
      points: scaled(thinned(finite(points), 2 * widest), scale),
    }))
    .filter(({ points }) => points.length > 0);
  if (drawn.length === 0) return `${heading}\n  (no finite values)`;
  const lines = drawn.filter(({ marks }) => !marks);
  const all = drawn.flatMap(({ points }) => points);
  const [first, last] = range(all.map(([step]) => step));
  const [low, high] = range(all.map(([, value]) => value));
  const marked = ticks(low, high, 5);
  const labelOf = (value: number): string => short(back(value), 3);
  // The library reserves width only for the labels at the ends.
  const labelWidth = Math.max(...marked.map((value) => labelOf(value).length));
  const width = Math.max(10, Math.min(widest, columns - labelWidth - besideChart));
  const text = plot(lines.length === 0 ? [all] : lines.map(({ points }) => points), {
    width,
    height,
    // A flat line needs a range, or the axis has only one value.
    yRange: low === high ? [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2] : [low, high],
    customYAxisTicks: marked,
    customXAxisTicks: ticks(first, last, 6).map(Math.round),
    formatter: (value, { axis }) => (axis === 'y' ? labelOf(value).padStart(labelWidth) : short(value, 7)),
    points: drawn
      .filter(({ marks }) => marks)
      .flatMap((one) => one.points.map(([x, y]) => ({ x, y, ...(color ? { color: one.color } : {}) }))),
    ...(color ? { color: lines.map((one) => one.color) } : {}),
    // More lines than this hide the curve.
    ...(epochs.length > width / 4 ? {} : { thresholds: epochs.filter((step) => step > first && step < last).map((x) => ({ x })) }),
    symbols: { thresholds: { y: '┊' } },
  });
  return `${heading}\n${text.replace(/^\n+|\s+$/g, '')}\n${xLabel.padStart(Math.floor(width / 2) + xLabel.length)}`;
}

/** Returns the name of a panel and of its series, each in its color, broken into lines that fit. */
function headingOf({ name, series, logarithmic }: Panel, columns: number, color: boolean): string {
  const labels = series.map(({ label, marks = false }) => (marks ? `${label} ●` : label));
  const alone = labels.length === 1 && labels[0] === name;
  const paint = (text: string, i: number): string => (color ? `\u001b[${colorOf(series[i]?.color ?? 0)[1]}m${text}\u001b[39m` : text);
  const end = logarithmic ? ' (logarithmic)' : '';
  if (alone) return `${paint(name, 0)}${end}`;
  const lines: { text: string; width: number }[] = [{ text: `${name}:`, width: name.length + 1 }];
  labels.forEach((label, i) => {
    const shown = `${label}${i === labels.length - 1 ? end : ','}`;
    const last = lines[lines.length - 1] as { text: string; width: number };
    const part = `${paint(label, i)}${shown.slice(label.length)}`;
    if (last.width + 1 + shown.length <= columns)
      Object.assign(last, { text: `${last.text} ${part}`, width: last.width + 1 + shown.length });
    else lines.push({ text: `  ${part}`, width: 2 + shown.length });
  });
  return lines.map(({ text }) => text).join('\n');
}

const scaled = (points: Series['points'], scale: (value: number) => number): [number, number][] =>
  points.map(([step, value]) => [step, scale(value)]);

/** Returns at most `count` points, evenly spaced, including the first and the last. */
function thinned<T>(points: readonly T[], count: number): readonly T[] {
  if (points.length <= count) return points;
  return Array.from({ length: count }, (_, i) => points[Math.round((i / (count - 1)) * (points.length - 1))] as T);
}

function range(values: readonly number[]): [low: number, high: number] {
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

function ticks(low: number, high: number, count: number): number[] {
  if (low === high) return [low];
  return Array.from({ length: count }, (_, i) => low + (i / (count - 1)) * (high - low));
}
