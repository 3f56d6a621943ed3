import type { Loss } from '../contracts/loss.js';
import type { Schedule, TemperatureSchedule } from '../contracts/schedule.js';
import type { LossWeighting, WeightSchedule } from '../contracts/weighting.js';
import { TemperError, unknownName } from '../errors.js';
import type { Json } from '../json.js';
import type { Progress } from '../progress.js';

/** A plain schedule as a temperature: one scalar, `value`, which is the temperature. */
export const asTemperature = (given: Schedule | TemperatureSchedule): TemperatureSchedule =>
  typeof given === 'function' ? { scalars: (at) => ({ value: given(at) }) } : given;

/** A plain function of progress as a weighting: its scalars are the weights. */
export const asWeighting = (given: WeightSchedule | LossWeighting): LossWeighting => (typeof given === 'function' ? { scalars: (at) => given(at) } : given);

/** The temperature at the first update where it is a plain number, for `scale: 'initial'`. */
export function initialTemperature(temperature: TemperatureSchedule, first: Progress): number | undefined {
  return temperature.temperature === undefined ? temperature.scalars(first, stateOf(temperature))['value'] : undefined;
}

/** The state a strategy starts with. */
export const stateOf = (strategy: { readonly state?: { readonly initial: Json } }): Json => strategy.state?.initial ?? null;

/** Every loss must have a weight, and every weight a loss. */
export function checkWeights(weighting: LossWeighting, losses: Readonly<Record<string, Loss>>, first: Progress, path: string): void {
  const names = Object.keys(losses);
  const weighed = weighting.losses ?? (weighting.weights === undefined ? Object.keys(weighting.scalars(first, stateOf(weighting), names)) : names);
  for (const name of weighed) {
    if (!names.includes(name)) throw new TemperError({ code: 'config/unknown-name', path, message: unknownName('loss', name, names) });
  }
  for (const name of names) {
    if (!weighed.includes(name)) {
      throw new TemperError({
        code: 'config/invalid',
        path,
        message: `gives no weight to loss "${name}"; it weighs ${weighed.join(', ') || 'none'}`,
        hint: `Add "${name}" to the weighting (0 switches it off), or remove the loss.`,
      });
    }
  }
}

/** What a loss needs must be there before training. */
export function checkNeeds(losses: Readonly<Record<string, Loss>>, hasTeacher: boolean, path: string): void {
  for (const [name, loss] of Object.entries(losses)) {
    if (!hasTeacher && (loss.needs ?? []).includes('teacher')) {
      throw new TemperError({
        code: 'config/invalid',
        path: `${path}.${name}`,
        message: 'needs a teacher, and the run has none',
        hint: 'Add teacher: { model: … } or teacher: { from: … }, or remove this loss.',
      });
    }
  }
}
