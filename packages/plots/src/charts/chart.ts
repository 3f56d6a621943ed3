/** An axis of a chart. */
export interface Axis {
  /** The quantity; empty where the page states it. */
  readonly label: string;
  /** Names of rows instead of numbers, from top to bottom; values on the axis are their positions. Only for the vertical axis. */
  readonly names?: readonly string[];
  /** Values at the ends. Default: round numbers around the values, from 0 only where these are near 0. */
  readonly range?: readonly [low: number, high: number];
  /** Shares are printed in percent. Default: plain numbers. */
  readonly unit?: 'share';
}

/** The properties of all marks. */
interface Mark {
  /** Number of the color; the same number has the same color in every chart. Colors repeat after seven, with another dash. */
  readonly color: number;
}

/** A line through points; values that are not finite leave a gap. */
export interface LineMark extends Mark {
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Shows each point too. */
  readonly dots?: boolean;
}

/** An area between two lines, for instance from the smallest to the largest value of several seeds. */
export interface BandMark extends Mark {
  readonly points: readonly (readonly [x: number, low: number, high: number])[];
}

/** Points without a line. */
export interface DotsMark extends Mark {
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A horizontal range with its middle, for instance a mean with its interval; without ends only the middle. */
export interface IntervalMark extends Mark {
  readonly y: number;
  readonly middle: number;
  readonly low?: number;
  readonly high?: number;
}

/** A chart with one pair of axes. Its legend is left to the page, which has room for names of any length. */
export interface Chart {
  readonly x: Axis;
  readonly y: Axis;
  readonly lines?: readonly LineMark[];
  readonly bands?: readonly BandMark[];
  readonly dots?: readonly DotsMark[];
  readonly intervals?: readonly IntervalMark[];
  /** Positions of dashed vertical lines, for instance starts of stages. */
  readonly verticals?: readonly number[];
  /** Draws the diagonal from (0, 0) to (1, 1). */
  readonly diagonal?: boolean;
}

/** Returns all points of a chart that can be drawn. */
export function pointsOf({ lines = [], bands = [], dots = [], intervals = [] }: Chart): (readonly [x: number, y: number])[] {
  const all = [
    ...lines.flatMap(({ points }) => points),
    ...dots.flatMap(({ points }) => points),
    ...bands.flatMap(({ points }) => points.flatMap(([x, low, high]) => [[x, low] as const, [x, high] as const])),
    ...intervals.flatMap(({ y, middle, low = middle, high = middle }) => [[low, y] as const, [high, y] as const, [middle, y] as const]),
  ];
  return all.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
}
