import type { Loss } from '../../contracts/loss.js';
import type { LossWeighting } from '../../contracts/weighting.js';
import { TemperError, unknownName } from '../../errors.js';
import type { Path } from '../../path.js';
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
