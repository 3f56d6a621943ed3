import type { TemperatureSchedule } from '../contracts/schedule.js';
import type { LossWeighting } from '../contracts/weighting.js';
import { TemperError } from '../errors.js';
import type { Json } from '../json.js';
import { formatPath } from '../kit/issues.js';
import type { Placed, StagePlan } from '../kit/stage-plan.js';
import { metricNames } from '../metrics/names.js';
import { blame } from './blame.js';

/** Any number: only the names count here. */
const anything = 0.5;

/**
 * Lets the strategies of a stage observe once what they will see after an evaluation, and drops the result. A strategy that
 * asks for a metric that does not exist (`plateau`) is thus refused before training.
 * @throws TemperError as the strategy does, with its path in the config.
 */
export function checkObserved(strategies: { readonly temperature: TemperatureSchedule; readonly weighting: LossWeighting }, plan: StagePlan, hasTeacher: boolean): void {
  const losses = Object.keys(plan.losses.config);
  const names = [
    'loss',
    ...losses.map((name) => `loss.${name}`),
    ...(strategies.temperature.temperature === undefined ? [] : ['temperature', 'temperature.student', 'temperature.teacher']),
    ...(strategies.weighting.weights === undefined ? [] : losses.map((name) => `weight.${name}`)),
    ...metricNames(hasTeacher).map((name) => `validation.${name}`),
  ];
  const seen = Object.fromEntries(names.map((name) => [name, anything]));
  for (const side of ['temperature', 'weighting'] as const) {
    const { state, measure } = strategies[side];
    try {
      // Without a progress every part of a composite observes, whenever it is active.
      state?.observe(state.initial, seen);
    } catch (error) {
      if (!(error instanceof TemperError && error.code.startsWith('config/'))) continue;
      const found = optionOf(error, plan[side]);
      // What a strategy measures itself is missing here, which says nothing about the config.
      if (found === undefined && measure !== undefined) continue;
      throw found === undefined ? blame(formatPath(plan[side].path), error) : new TemperError({ ...error.details, path: formatPath(found), cause: error });
    }
  }
}

/** The path of the option that an error is about, which may be deep inside of operators: the one of that name and value. */
function optionOf({ path: inner, details }: TemperError, { config, path }: Placed): readonly PropertyKey[] | undefined {
  const option = inner?.split('.').at(-1);
  const found = option === undefined ? undefined : placesOf(config, option).find(({ value }) => details.message.includes(JSON.stringify(value)));
  return found === undefined ? undefined : [...path, ...found.path];
}

interface Option {
  readonly path: readonly PropertyKey[];
  readonly value: Json;
}

/** Every option of a name in a config, at any depth. */
function placesOf(config: Json, name: string, path: readonly PropertyKey[] = []): Option[] {
  if (typeof config !== 'object' || config === null) return [];
  const entries: [PropertyKey, Json][] = Array.isArray(config) ? (config as readonly Json[]).map((item, i) => [i, item]) : Object.entries(config);
  return entries.flatMap(([key, value]) => [...(key === name ? [{ path: [...path, key], value }] : []), ...placesOf(value, name, [...path, key])]);
}
