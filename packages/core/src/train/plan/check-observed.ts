import type { Metric } from '../../contracts/metric.js';
import type { Metrics, ReactiveState, TemperatureSchedule } from '../../contracts/schedule.js';
import type { LossWeighting } from '../../contracts/weighting.js';
import { nearest, TemperError, unknownName } from '../../errors.js';
import type { Json } from '../../json.js';
import { reasonOf } from '../../reason.js';
import type { Path } from '../../path.js';
import type { StagePlan } from '../../kit/stage-plan.js';
import { measuredBy, needsTeacher, regularizationTerm } from '../../metrics/names.js';
import { blame } from '../../kit/blame.js';

/** The strategies of a stage that may react to metrics. */
export interface Reacting {
  readonly temperature: TemperatureSchedule;
  readonly weighting: LossWeighting;
}

/** What a training has, so that there are metrics of it. */
export interface Measurable {
  readonly teacher: boolean;
  /** Penalties of the network's layers (kernelRegularizer). */
  readonly penalties: boolean;
  readonly metrics: readonly Metric[];
}

/**
 * Refuses a metric that no evaluation of a stage gives, before training: each strategy observes what it would see after an
 * evaluation, and the result is dropped. A text in its config is the name of a metric where the result depends on a metric of that name,
 * so strategies of other packages and those deep inside of operators are checked as well.
 * @throws TemperError `config/unknown-name` with the path of the metric; else the strategy's own error about its config.
 */
export function checkObserved(strategies: Reacting, plan: StagePlan, training: Measurable): void {
  if (strategies.temperature.state === undefined && strategies.weighting.state === undefined) return;
  const names = namesSeen(strategies, plan, training);
  for (const side of ['temperature', 'weighting'] as const) {
    const { state, measure } = strategies[side];
    if (state === undefined) continue;
    const unknown = textsOf(plan[side], plan.paths[side]).filter(({ text }) => !names.includes(text));
    const all = numbered([...names, ...unknown.map(({ text }) => text)]);
    const { result, error } = observe(state, all);
    // What a strategy measures itself is missing here, which says nothing about the config.
    if (measure === undefined && isAboutConfig(error)) throw blame(plan.paths[side], observe(state, numbered(names)).error);
    if (error !== undefined) continue;
    for (const { path, text } of unknown) {
      const { [text]: _, ...others } = all;
      // A name of its own cannot be distinguished from an unknown one, unless it is nearly a known one.
      const mayBeOwn = measure !== undefined && nearest(text, names) === undefined;
      if (!mayBeOwn && observe(state, others).result !== result) throw unknownMetric(text, names, path, training);
    }
  }
}

/** Any number: only the names count here. */
const numbered = (names: readonly string[]): Metrics => Object.fromEntries(names.map((name) => [name, 0.5]));

const isAboutConfig = (error: unknown): error is TemperError => error instanceof TemperError && error.code.startsWith('config/');

/** Names of all numbers that the strategies of a stage see after an evaluation, but for those they measure themselves. */
function namesSeen({ temperature, weighting }: Reacting, plan: StagePlan, { teacher, penalties, metrics }: Measurable): string[] {
  const losses = Object.keys(plan.losses);
  return [
    'loss',
    ...losses.map((name) => `loss.${name}`),
    ...(penalties ? [`loss.${regularizationTerm}`] : []),
    ...(temperature.temperature === undefined && temperature.measure === undefined
      ? []
      : ['temperature', 'temperature.student', 'temperature.teacher']),
    ...(weighting.weights === undefined ? [] : losses.map((name) => `weight.${name}`)),
    ...measuredBy(metrics, teacher).map(({ name }) => `validation.${name}`),
  ];
}

interface Observed {
  /** The state, or the message of the error. */
  readonly result: string;
  readonly error?: unknown;
}

/** Without a progress every part of a composite observes, whenever it is active. */
function observe(state: ReactiveState, seen: Metrics): Observed {
  try {
    return { result: JSON.stringify(state.observe(state.initial, seen)) };
  } catch (error) {
    return { result: reasonOf(error), error };
  }
}

interface Text {
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

/** Every text in a config, at any depth. */
function textsOf(config: Json, path: Path): Text[] {
  if (typeof config === 'string') return [{ path, text: config }];
  if (typeof config !== 'object' || config === null) return [];
  const entries: [PropertyKey, Json][] = Array.isArray(config)
    ? (config as readonly Json[]).map((item, i) => [i, item])
    : // The name of a strategy is none of a metric.
      Object.entries(config).filter(([key]) => key !== 'type');
  return entries.flatMap(([key, value]) => textsOf(value, [...path, key]));
}

function unknownMetric(
  metric: string,
  names: readonly string[],
  path: readonly PropertyKey[],
  { teacher, metrics }: Measurable,
): TemperError {
  const lacks = !teacher && needsTeacher(metrics, metric);
  return new TemperError({
    code: 'config/unknown-name',
    path: path,
    message: unknownName('metric', metric, names),
    ...(lacks ? { hint: `"${metric}" compares with a teacher, and this training has none.` } : {}),
  });
}
