import type { Metric } from '../../contracts/metric.js';
import type { Metrics, ReactiveState } from '../../contracts/schedule.js';
import { nearest, TemperError, unknownName } from '../../errors.js';
import type { Json } from '../../json.js';
import { reasonOf } from '../../reason.js';
import type { Path } from '../../path.js';
import type { StagePlan } from '../../kit/stage-plan.js';
import { measuredBy, needsTeacher, regularizationTerm } from '../../metrics/names.js';
import { blame } from '../../kit/blame.js';
import { reactorsOf, type Reactor, type StageServices } from '../step/strategies.js';

/** The strategies of a stage that may react to metrics. */
export type Reacting = Pick<StageServices, 'temperature' | 'weighting' | 'losses'>;

/** The facts about a training that determine its metrics. */
export interface Measurable {
  readonly teacher: boolean;
  /** Penalties of the network's layers (kernelRegularizer). */
  readonly penalties: boolean;
  readonly metrics: readonly Metric[];
}

/**
 * Refuses a metric that no evaluation of a stage gives, before training: each strategy observes the numbers that it would get after an
 * evaluation, and the result is dropped. A text in its config is the name of a metric where the result depends on a metric of that name,
 * so strategies of other packages and those inside of operators are checked as well.
 * @throws TemperError `config/unknown-name` with the path of the metric; else the strategy's own error about its config.
 */
export function checkObserved(strategies: Reacting, plan: StagePlan, training: Measurable): void {
  const reacting = reactorsOf(strategies).filter(({ strategy }) => strategy.state !== undefined);
  if (reacting.length === 0) return;
  const names = namesSeen(strategies, plan, training);
  for (const {
    place: [kind, name],
    strategy: { state, measure },
  } of reacting as readonly Observing[]) {
    const config = name === undefined ? plan[kind as 'temperature'] : (plan.losses[name] as Json);
    const path = name === undefined ? plan.paths[kind] : [...plan.paths[kind], name];
    const unknown = textsOf(config, path).filter(({ text }) => !names.includes(text));
    const all = numbered([...names, ...unknown.map(({ text }) => text)]);
    const { result, error } = observe(state, all);
    // The strategy's own measurements are missing here, so a failure may not be due to the config.
    if (measure === undefined && isAboutConfig(error)) throw blame(path, observe(state, numbered(names)).error);
    if (error !== undefined) continue;
    for (const { path: place, text } of unknown) {
      const { [text]: _, ...others } = all;
      // A strategy's own name looks like an unknown one, unless it is similar to a known one.
      const mayBeOwn = measure !== undefined && nearest(text, names) === undefined;
      if (!mayBeOwn && observe(state, others).result !== result) throw unknownMetric(text, names, place, training);
    }
  }
}

type Observing = Reactor & { readonly strategy: { readonly state: ReactiveState } };

/** Returns any number for each name: only the names matter here. */
const numbered = (names: readonly string[]): Metrics => Object.fromEntries(names.map((name) => [name, 0.5]));

const isAboutConfig = (error: unknown): error is TemperError => error instanceof TemperError && error.code.startsWith('config/');

/** Returns the names of all numbers that the strategies of a stage observe after an evaluation, without their own measurements. */
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

/** Without a progress, every part of a composite observes, active or not. */
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

/** Returns every text in a config, at any depth. */
function textsOf(config: Json, path: Path): Text[] {
  if (typeof config === 'string') return [{ path, text: config }];
  if (typeof config !== 'object' || config === null) return [];
  const entries: [PropertyKey, Json][] = Array.isArray(config)
    ? (config as readonly Json[]).map((item, i) => [i, item])
    : // The name of a strategy is not that of a metric.
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
