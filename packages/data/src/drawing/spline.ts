import type { Stroke } from './glyphs.js';

/** Points on each span between two points of a stroke; enough for 28 pixels. */
const steps = 6;

/** Whether a stroke ends where it began. */
export const isClosed = (stroke: Stroke): boolean => stroke[0] === stroke.at(-2) && stroke[1] === stroke.at(-1);

/** Points `x, y, …` along the Catmull–Rom curve through the points of a stroke: smooth, and exact at each of them. */
export function spline(stroke: Stroke): Float64Array {
  const last = stroke.length / 2 - 1;
  const closed = isClosed(stroke);
  // Beyond an end the curve continues straight or, if it is closed, from its start.
  const at = (index: number, axis: number): number => {
    const point = (i: number): number => stroke[2 * i + axis] as number;
    if (index < 0) return closed ? point(last - 1) : 2 * point(0) - point(1);
    if (index > last) return closed ? point(1) : 2 * point(last) - point(last - 1);
    return point(index);
  };
  const curve = new Float64Array((last * steps + 1) * 2);
  for (let span = 0; span < last; span++) {
    for (let axis = 0; axis < 2; axis++) {
      const [p0, p1, p2, p3] = [at(span - 1, axis), at(span, axis), at(span + 1, axis), at(span + 2, axis)];
      for (let step = 0; step < steps; step++) {
        const t = step / steps;
        const cubic = 2 * p1 + t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * p1 - p0 - 3 * p2 + p3)));
        curve[(span * steps + step) * 2 + axis] = cubic / 2;
      }
    }
  }
  curve[curve.length - 2] = at(last, 0);
  curve[curve.length - 1] = at(last, 1);
  return curve;
}
