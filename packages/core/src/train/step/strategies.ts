import type { Loss } from '../../contracts/loss.js';
import type { Optimizer } from '../../contracts/optimizer.js';
import type { ReactiveState, Schedule, TemperatureSchedule } from '../../contracts/schedule.js';
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

/** The states of the strategies of a stage. */
export interface StrategyStates {
  readonly temperature: Json;
  readonly weighting: Json;
  /** By the name of the loss; only losses with a state are listed. */
  readonly losses: Readonly<Record<string, Json>>;
}

/** A strategy that may have a state, and its place among the strategies of the stage. */
export interface Reactor {
  readonly place: readonly ['temperature'] | readonly ['weighting'] | readonly ['losses', string];
  readonly strategy: { readonly state?: ReactiveState; readonly measure?: unknown };
}

/** Lists the strategies of a stage that may have a state: temperature, weighting, and each loss. */
export const reactorsOf = ({ temperature, weighting, losses }: Pick<StageServices, 'temperature' | 'weighting' | 'losses'>): Reactor[] => [
  { place: ['temperature'], strategy: temperature },
  { place: ['weighting'], strategy: weighting },
  ...Object.entries(losses).map(([name, strategy]) => ({ place: ['losses', name] as const, strategy })),
];

/** Returns the states with which a stage begins. */
export const initialStates = (services: Pick<StageServices, 'temperature' | 'weighting' | 'losses'>): StrategyStates => ({
  temperature: stateOf(services.temperature),
  weighting: stateOf(services.weighting),
  losses: Object.fromEntries(
    Object.entries(services.losses).flatMap(([name, { state }]) => (state === undefined ? [] : [[name, state.initial]])),
  ),
});

/** Returns the state of a strategy; null for a loss of which none is kept. */
export const stateAt = (states: StrategyStates, [kind, name]: Reactor['place']): Json =>
  kind === 'losses' ? (states.losses[name as string] ?? null) : states[kind];

/** Returns the same states with another one for a strategy. */
export const withState = (states: StrategyStates, [kind, name]: Reactor['place'], state: Json): StrategyStates =>
  kind === 'losses' ? { ...states, losses: { ...states.losses, [name as string]: state } } : { ...states, [kind]: state };
