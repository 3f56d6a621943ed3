import { plot, type Color } from 'simple-ascii-chart';
import { finite, panelsOf, short, type Panel, type PlotOptions, type Series } from './series.js';

/** Options of `plotTerminal`. */
export interface TerminalOptions extends PlotOptions {
  /** Columns and rows of one panel's plot. Default 72 and 12. */
  readonly width?: number;
  readonly height?: number;
  /** Draws each series in a colour of its own; leave out where the output is no terminal. */
  readonly color?: boolean;
}

const colors: readonly Color[] = ['ansiCyan', 'ansiYellow', 'ansiGreen', 'ansiMagenta', 'ansiBlue', 'ansiRed'];

/**
 * Draws series with characters, a panel below the other; series of one panel share its axis.
 * @example plotTerminal([{ name: 'temperature', points: [[0, 20], [99, 1]] }])
 */
export function plotTerminal(series: readonly Series[], options: TerminalOptions = {}): string {
  const panels = panelsOf(series, options).map((panel) => drawPanel(panel, options));
  return [...(options.title === undefined ? [] : [options.title]), ...panels].join('\n');
}

function drawPanel(panel: Panel, { width = 72, height = 12, color = false, epochs = [], xLabel = 'step' }: TerminalOptions): string {
  const scale = panel.logarithmic ? Math.log10 : (value: number): number => value;
  const back = panel.logarithmic ? (value: number): number => 10 ** value : scale;
  const heading = headingOf(panel);
  const drawn = panel.series
    .map(({ points, marks = false }, i) => ({
      marks,
      color: colors[i % colors.length] as Color,
      points: scaled(thinned(finite(points), 2 * width), scale),
    }))
    .filter(({ points }) => points.length > 0);
  if (drawn.length === 0) return `${heading}\n  (no finite values)`;
  const lines = drawn.filter(({ marks }) => !marks);
  const all = drawn.flatMap(({ points }) => points);
  const [first, last] = range(all.map(([step]) => step));
  const [low, high] = range(all.map(([, value]) => value));
  const marked = ticks(low, high, 5);
  const labelOf = (value: number): string => short(back(value), 3);
  // The library makes room for the labels at the ends alone.
  const labelWidth = Math.max(...marked.map((value) => labelOf(value).length));
  const text = plot(lines.length === 0 ? [all] : lines.map(({ points }) => points), {
    width,
    height,
    // A flat line needs some room, or the axis has one value only.
    yRange: low === high ? [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2] : [low, high],
    customYAxisTicks: marked,
    customXAxisTicks: ticks(first, last, 6).map(Math.round),
    formatter: (value, { axis }) => (axis === 'y' ? labelOf(value).padStart(labelWidth) : short(value, 7)),
    points: drawn.filter(({ marks }) => marks).flatMap((one) => one.points.map(([x, y]) => ({ x, y, ...(color ? { color: one.color } : {}) }))),
    ...(color ? { color: lines.map((one) => one.color) } : {}),
    // More lines than this hide the curve.
    ...(epochs.length > width / 4 ? {} : { thresholds: epochs.filter((step) => step > first && step < last).map((x) => ({ x })) }),
    symbols: { thresholds: { y: '┊' } },
  });
  return `${heading}\n${text.replace(/^\n+|\s+$/g, '')}\n${xLabel.padStart(Math.floor(width / 2) + xLabel.length)}`;
}

function headingOf({ name, series, logarithmic }: Panel): string {
  const labels = series.map(({ label, marks = false }) => (marks ? `${label} ●` : label));
  const alone = labels.length === 1 && labels[0] === name;
  return `${name}${alone ? '' : `: ${labels.join(', ')}`}${logarithmic ? ' (logarithmic)' : ''}`;
}

const scaled = (points: Series['points'], scale: (value: number) => number): [number, number][] =>
  points.map(([step, value]) => [step, scale(value)]);

/** At most `count` points, evenly spread, with the first and the last. */
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
