import type { Loss } from '../../contracts/loss.js';
import type { Optimizer } from '../../contracts/optimizer.js';
import type { Schedule, TemperatureSchedule } from '../../contracts/schedule.js';
import type { LossWeighting, WeightSchedule } from '../../contracts/weighting.js';
import type { Json } from '../../json.js';
import type { Progress } from '../../progress.js';

/** The strategies of one stage, from its container. */
export interface StageServices {
  readonly temperature: TemperatureSchedule;
  readonly weighting: LossWeighting;
  readonly losses: Readonly<Record<string, Loss>>;
  readonly optimizer: Optimizer;
}

/** Makes a temperature from a plain schedule: one scalar, `value`. */
export const asTemperature = (given: Schedule | TemperatureSchedule): TemperatureSchedule =>
  typeof given === 'function' ? { scalars: (at) => ({ value: given(at) }) } : given;

/** Makes a weighting from a plain function of progress: its scalars are the weights. */
export const asWeighting = (given: WeightSchedule | LossWeighting): LossWeighting =>
  typeof given === 'function' ? { scalars: (at) => given(at) } : given;

/** Returns the temperature at the first update if it is a plain number, for `scale: 'initial'`. */
export function initialTemperature(temperature: TemperatureSchedule, first: Progress): number | undefined {
  return temperature.temperature === undefined ? temperature.scalars(first, stateOf(temperature))['value'] : undefined;
}

/** Returns the initial state of a strategy. */
export const stateOf = (strategy: { readonly state?: { readonly initial: Json } }): Json => strategy.state?.initial ?? null;
