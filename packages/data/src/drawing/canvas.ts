/** Width and height in pixels. */
export const side = 28;

/** A square of grey levels, 0 (paper) to 1 (ink), and the two things a pen can do to it. */
export interface Canvas {
  readonly levels: Float64Array;
  /** Draws a line of this radius; ink does not get darker where lines cross. */
  ink(curve: ArrayLike<number>, radius: (along: number) => number, level: number): void;
  /** Erases along a curve: multiplies the ink there by `keep`. */
  erase(curve: ArrayLike<number>, radius: number, keep: number): void;
}

/** An empty canvas. Edges are anti-aliased by the distance from the pen's line. */
export function createCanvas(): Canvas {
  const levels = new Float64Array(side * side);
  return {
    levels,
    ink(curve, radius, level) {
      cover(curve, radius, (pixel, coverage) => {
        levels[pixel] = Math.max(levels[pixel] as number, coverage * level);
      });
    },
    erase(curve, radius, keep) {
      const most = new Float64Array(side * side);
      cover(
        curve,
        () => radius,
        (pixel, coverage) => {
          most[pixel] = Math.max(most[pixel] as number, coverage);
        },
      );
      for (let i = 0; i < levels.length; i++) levels[i] = (levels[i] as number) * (1 - (most[i] as number) * (1 - keep));
    },
  };
}

/** Calls `paint` for each pixel near each piece of a curve with how much of it the pen covers there. */
function cover(curve: ArrayLike<number>, radius: (along: number) => number, paint: (pixel: number, coverage: number) => void): void {
  const pieces = curve.length / 2 - 1;
  for (let piece = 0; piece < pieces; piece++) {
    const r = radius((piece + 0.5) / pieces);
    const reach = r + 0.5;
    const x0 = curve[2 * piece] as number;
    const y0 = curve[2 * piece + 1] as number;
    const dx = (curve[2 * piece + 2] as number) - x0;
    const dy = (curve[2 * piece + 3] as number) - y0;
    const squared = dx * dx + dy * dy;
    const left = Math.max(0, Math.ceil(Math.min(x0, x0 + dx) - reach));
    const right = Math.min(side - 1, Math.floor(Math.max(x0, x0 + dx) + reach));
    const top = Math.max(0, Math.ceil(Math.min(y0, y0 + dy) - reach));
    const bottom = Math.min(side - 1, Math.floor(Math.max(y0, y0 + dy) + reach));
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const along = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / squared));
        const ex = x - x0 - along * dx;
        const ey = y - y0 - along * dy;
        const coverage = reach - Math.sqrt(ex * ex + ey * ey);
        if (coverage > 0) paint(y * side + x, Math.min(1, coverage));
      }
    }
  }
}
