import type { Loss } from '../../contracts/loss.js';
import type { Optimizer } from '../../contracts/optimizer.js';
import type { Schedule, TemperatureSchedule } from '../../contracts/schedule.js';
import type { LossWeighting, WeightSchedule } from '../../contracts/weighting.js';
import type { Json } from '../../json.js';
import type { Progress } from '../../progress.js';

/** The strategies of one stage, as its container gives them. */
export interface StageServices {
  readonly temperature: TemperatureSchedule;
  readonly weighting: LossWeighting;
  readonly losses: Readonly<Record<string, Loss>>;
  readonly optimizer: Optimizer;
}

/** A plain schedule as a temperature: one scalar, `value`, which is the temperature. */
export const asTemperature = (given: Schedule | TemperatureSchedule): TemperatureSchedule =>
  typeof given === 'function' ? { scalars: (at) => ({ value: given(at) }) } : given;

/** A plain function of progress as a weighting: its scalars are the weights. */
export const asWeighting = (given: WeightSchedule | LossWeighting): LossWeighting =>
  typeof given === 'function' ? { scalars: (at) => given(at) } : given;

/** The temperature at the first update where it is a plain number, for `scale: 'initial'`. */
export function initialTemperature(temperature: TemperatureSchedule, first: Progress): number | undefined {
  return temperature.temperature === undefined ? temperature.scalars(first, stateOf(temperature))['value'] : undefined;
}

/** The state a strategy starts with. */
export const stateOf = (strategy: { readonly state?: { readonly initial: Json } }): Json => strategy.state?.initial ?? null;
