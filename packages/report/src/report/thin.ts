/** A point of a curve: update and value. */
export type Point = readonly [step: number, value: number];

/**
 * Returns at most `most` points of a curve, always the first and the last one, and of each stretch between them the least and the largest,
 * so that no peak of a schedule is lost.
 */
export function thin(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const first = points[0] as Point;
  const last = points[points.length - 1] as Point;
  const stretches = Math.max(1, Math.floor((most - 2) / 2));
  const inner = points.length - 2;
  const kept = Array.from({ length: stretches }, (_, i) => {
    const from = 1 + Math.floor((i * inner) / stretches);
    const stretch = points.slice(from, 1 + Math.floor(((i + 1) * inner) / stretches));
    const [low, high] = [pick(stretch, (a, b) => a < b), pick(stretch, (a, b) => a > b)];
    return low === high ? [low] : low[0] < high[0] ? [low, high] : [high, low];
  });
  return [first, ...kept.flat(), last];
}

const pick = (points: readonly Point[], isBetter: (one: number, other: number) => boolean): Point =>
  points.reduce((found, one) => (isBetter(one[1], found[1]) ? one : found));
