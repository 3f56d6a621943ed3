import type { Curve, RunPreview } from './run-curves.js';

type Stages = RunPreview['stages'];

/** The maximum number of epochs whose starts are drawn: a picture has fewer columns than more lines would need. */
const mostDrawn = 1000;

/** Returns the update at which each epoch starts, over all stages; empty where they are too many to be drawn. */
export function epochStarts(stages: Stages): number[] {
  if (stages.reduce((sum, { steps, stepsPerEpoch }) => sum + Math.ceil(steps / stepsPerEpoch), 0) > mostDrawn) return [];
  return stages.flatMap(({ firstStep, steps, stepsPerEpoch }) =>
    Array.from({ length: Math.ceil(steps / stepsPerEpoch) }, (_, epoch) => firstStep + epoch * stepsPerEpoch),
  );
}

/** Returns the mean of a curve over each epoch, in the middle of the epoch; empty where the curve has too few points. */
export function epochMeans({ name: curve, points }: Curve, stages: Stages): Curve[] {
  const starts = epochStarts(stages);
  if (starts.length === 0 || starts.length > points.length / 4) return [];
  const end = stages.reduce((last, { firstStep, steps }) => Math.max(last, firstStep + steps), 0);
  const means = starts.map((start, epoch) => {
    const next = starts[epoch + 1] ?? end;
    const inside = points.filter(([step]) => step >= start && step < next).map(([, value]) => value);
    return [(start + next - 1) / 2, inside.reduce((sum, value) => sum + value, 0) / inside.length] as const;
  });
  return [{ name: `${curve}.epoch mean`, points: means.filter(([, mean]) => Number.isFinite(mean)), marks: true }];
}
