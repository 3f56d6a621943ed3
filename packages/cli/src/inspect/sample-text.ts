import { printable, type DataSet } from '@temper/core';
import { short } from '@temper/node/reporters';
import { cut, table } from '../table.js';

/** Characters from white to black. */
const ramp = ' .:-=+*#%@';
const mostColumns = 20;
const widest = 120;

type About = Pick<DataSet, 'inputShape' | 'inputNames' | 'preparation'>;

/** Returns lines that show a sample: a picture, a text, or a row of numbers, with the values before its preparation. */
export function drawSample(values: ArrayLike<number>, data: About, columns: number): string[] {
  const { inputShape, preparation } = data;
  if (preparation?.type === 'vocabulary') {
    const text = Array.from(values, (id) => preparation.characters[id] ?? '?').join('');
    return printable(text)
      .split('\n')
      .map((line) => `  ${line}`);
  }
  const raw = rawValues(values, preparation);
  const [height = 0, width = 0, channels = 1] = inputShape;
  if ([2, 3].includes(inputShape.length) && [1, 3, 4].includes(channels)) return picture(raw, { height, width, channels }, columns);
  return row(raw, data);
}

/** Returns the values of a sample before its preparation. */
function rawValues(values: ArrayLike<number>, preparation: DataSet['preparation']): number[] {
  return Array.from(values, (value, i) => {
    if (preparation?.type === 'scale') return value / preparation.factor;
    if (preparation?.type !== 'standardise') return value;
    return value * (preparation.deviation[i] as number) + (preparation.mean[i] as number);
  });
}

/** Draws a picture in characters, two columns for each pixel where they fit; a wide picture is made smaller. */
function picture(
  raw: readonly number[],
  { height, width, channels }: { readonly height: number; readonly width: number; readonly channels: number },
  columns: number,
): string[] {
  const step = Math.max(1, Math.ceil((2 * width) / Math.min(widest, Math.max(20, columns - 2))));
  const [low, high] = raw.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  // A fourth channel is the opacity of a pixel.
  const colours = Math.min(3, channels);
  const brightness = (y: number, x: number): number => {
    const at = (y * width + x) * channels;
    return raw.slice(at, at + colours).reduce((a, b) => a + b, 0) / colours;
  };
  const shade = (value: number): string =>
    ramp[Math.min(ramp.length - 1, Math.floor(((value - low) / (high - low || 1)) * ramp.length))] as string;
  const every = (size: number): number[] => Array.from({ length: Math.ceil(size / step) }, (_, i) => i * step);
  return every(height).map((y) =>
    `  ${every(width)
      .map((x) => shade(brightness(y, x)).repeat(2))
      .join('')}`.trimEnd(),
  );
}

function row(raw: readonly number[], { inputNames }: About): string[] {
  const rows = raw.slice(0, mostColumns).map((value, i) => [cut(printable(inputNames?.[i] ?? `input ${i + 1}`), 30), short(value)]);
  return [...table(rows), ...(raw.length > mostColumns ? [`  … ${raw.length - mostColumns} more`] : [])];
}
