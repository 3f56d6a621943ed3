import type { DataSet } from '../../contracts/data.js';
import type { Loss } from '../../contracts/loss.js';
import type { LossWeighting } from '../../contracts/weighting.js';
import { TemperError, unknownName } from '../../errors.js';
import type { StagePlan } from '../../kit/stage-plan.js';
import { formatPath, type Path } from '../../path.js';
import type { Progress } from '../../progress.js';
import { stateOf } from '../step/strategies.js';

/** Checks that every loss has a weight, and every weight a loss. */
export function checkWeights(weighting: LossWeighting, losses: Readonly<Record<string, Loss>>, first: Progress, path: Path): void {
  const names = Object.keys(losses);
  const weighed =
    weighting.losses ?? (weighting.weights === undefined ? Object.keys(weighting.scalars(first, stateOf(weighting), names)) : names);
  for (const name of weighed) {
    if (!names.includes(name)) throw new TemperError({ code: 'config/unknown-name', path, message: unknownName('loss', name, names) });
  }
  for (const name of names) {
    if (!weighed.includes(name)) {
      throw new TemperError({
        code: 'config/invalid',
        path,
        message: `gives no weight to loss "${name}"; it has weights for ${weighed.join(', ') || 'no loss'}`,
        hint: `Add "${name}" to the weighting (0 switches it off), or remove the loss.`,
      });
    }
  }
}

/** Checks before training that the inputs of each loss exist. */
export function checkNeeds(losses: Readonly<Record<string, Loss>>, hasTeacher: boolean, path: Path): void {
  for (const [name, loss] of Object.entries(losses)) {
    if (!hasTeacher && (loss.needs ?? []).includes('teacher')) {
      throw new TemperError({
        code: 'config/invalid',
        path: [...path, name],
        message: 'needs a teacher, and the run has none',
        hint: 'Add teacher: { model: … } or teacher: { from: … }, or remove this loss.',
      });
    }
  }
}

/** Checks that every batch, the last one of an epoch included, has as many samples as the losses compare. */
export function checkSmallestBatch(losses: Readonly<Record<string, Loss>>, { batchSize, paths }: StagePlan, { size }: DataSet): void {
  const smallest = size % batchSize || batchSize;
  for (const [name, { fewestSamples = 1 }] of Object.entries(losses)) {
    if (smallest >= fewestSamples) continue;
    const given = `${smallest} ${smallest === 1 ? 'sample' : 'samples'}`;
    throw new TemperError({
      code: 'config/invalid',
      path: paths.batchSize,
      message:
        `${formatPath([...paths.losses, name])} compares the samples of a batch and needs at least ${fewestSamples}; ` +
        (smallest === batchSize
          ? `batches have ${given}`
          : `of ${size} training samples in batches of ${batchSize}, the last batch has ${given}`),
      hint: `Use another batchSize, for instance ${batchSizeFor(size, batchSize, fewestSamples)}.`,
    });
  }
}

/** Checks that no batch has more samples than the losses can compare; `positions` is the number of labels of a sample. */
export function checkLargestBatch(
  losses: Readonly<Record<string, Loss>>,
  { batchSize, paths }: StagePlan,
  { size }: DataSet,
  positions: number,
): void {
  const compared = Math.min(batchSize, size) * positions;
  for (const [name, { mostSamples = Infinity }] of Object.entries(losses)) {
    if (compared <= mostSamples) continue;
    throw new TemperError({
      code: 'config/invalid',
      path: paths.batchSize,
      message:
        `${formatPath([...paths.losses, name])} compares the samples of a batch with one another, at most ` +
        `${mostSamples.toLocaleString('en')} in the memory that it may use; batches have ${compared.toLocaleString('en')}` +
        (positions === 1 ? '' : ' (every position of a sequence is a sample)'),
      hint: 'Use a smaller batchSize, with accumulate for larger updates.',
    });
  }
}

/** Returns the nearest batch size whose last batch is large enough; the whole data if there is no other. */
function batchSizeFor(size: number, wanted: number, fewest: number): number {
  for (let by = 0; by < size; by++) {
    const found = [wanted - by, wanted + by].find((one) => one >= fewest && one <= size && (size % one || one) >= fewest);
    if (found !== undefined) return found;
  }
  return size;
}
