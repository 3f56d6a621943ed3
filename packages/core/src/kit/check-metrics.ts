import { TemperError, unknownName } from '../errors.js';
import type { Metric } from '../contracts/metric.js';
import { buildMetrics } from '../metrics/build-metrics.js';
import { measuredBy, needsTeacher } from '../metrics/names.js';
import { checkObserved, type Reacting } from '../train/plan/check-observed.js';
import { asTemperature, asWeighting } from '../train/step/strategies.js';
import { formatPath, type Path } from '../path.js';
import type { Builder } from './builder.js';
import type { RunConfig, StopRule, TeacherConfig, TrainingConfig } from './run-config.js';
import { defaultTemperature, isDefaultLoss, stagesOf, type StagePlan } from './stage-plan.js';
import { whereBound } from './where-bound.js';

/** The config of a training without its batch size. */
type Training = Omit<TrainingConfig, 'batchSize'>;

/**
 * Checks the metrics that stop rules and strategies name, at every level of a config: those of the student, of teachers that are
 * trained, and of their stages.
 * @param build Builds the strategies.
 * @param hasTeacher Whether the student has a teacher; one may be handed to the run, and the run checks again.
 * @throws TemperError `config/unknown-name` with the path of the metric, `config/invalid` for a bound that no value can pass.
 */
export function checkMetrics(config: RunConfig, build: Builder['build'], hasTeacher: boolean): void {
  const metrics = whereBound(() => buildMetrics(config, build));
  if (metrics === undefined) return;
  const kit = { build: remembering(build), metrics };
  if (config.teacher !== undefined) checkTeacher(config.teacher, kit, ['teacher']);
  checkTraining(config, hasTeacher, kit, []);
}

/** The data that every check uses. */
interface Known {
  readonly build: Builder['build'];
  readonly metrics: readonly Metric[];
}

/** Builds each strategy once: the checks only read what it observes, which is the same in every stage. */
function remembering(build: Builder['build']): Builder['build'] {
  const made = new Map<string, unknown>();
  return (slot, config, path) => {
    const content = `${slot} ${JSON.stringify(config)}`;
    const strategy = made.get(content) ?? build(slot, config, path);
    made.set(content, strategy);
    return strategy as ReturnType<typeof build<typeof slot>>;
  };
}

function checkTeacher({ train, distilled, ensemble }: TeacherConfig, kit: Known, path: Path): void {
  ensemble?.forEach((member, i) => checkTeacher(member, kit, [...path, 'ensemble', i]));
  if (train !== undefined) checkTraining(train, false, kit, [...path, 'train']);
  if (distilled === undefined) return;
  checkTeacher(distilled.teacher, kit, [...path, 'distilled', 'teacher']);
  checkTraining(distilled, true, kit, [...path, 'distilled']);
}

function checkTraining(training: Training, teacherOfAll: boolean, kit: Known, path: Path): void {
  const stages = stagesOf({ ...training, batchSize: 1 }, teacherOfAll, path).map((plan) => ({
    plan,
    hasTeacher: teacherOfAll || plan.teacher !== undefined,
  }));
  // Stages that are repeated share one teacher in the config.
  const teachers = new Map(stages.flatMap(({ plan }) => (plan.teacher === undefined ? [] : [[plan.teacher, plan.paths.teacher]])));
  for (const [teacher, place] of teachers) checkTeacher(teacher, kit, place);
  checkChosen(training, stages, kit.metrics, path);
  for (const { plan, hasTeacher } of [...differentIn(stages), ...outsideOf(training, stages, path)]) checkStrategies(plan, hasTeacher, kit);
}

interface Stage {
  readonly plan: StagePlan;
  readonly hasTeacher: boolean;
}

/** Returns the settings of a training outside of its stages. Stages may repeat them, and a mistake in them is reported once. */
function outsideOf({ stages: written, ...training }: Training, stages: readonly Stage[], path: Path): Stage[] {
  if (written === undefined) return [];
  const hasTeacher = stages.some((stage) => stage.hasTeacher);
  const losses = Object.assign({}, ...stages.map(({ plan }) => plan.losses)) as StagePlan['losses'];
  return stagesOf({ ...training, batchSize: 1 }, hasTeacher, path).map((plan) => ({
    plan: { ...plan, losses },
    hasTeacher,
  }));
}

/** Returns the stages whose strategies and losses differ from those of all earlier stages: each combination is checked once. */
function differentIn(stages: readonly Stage[]): readonly Stage[] {
  const first = new Map<string, Stage>();
  for (const stage of stages) {
    const { temperature, weighting, losses } = stage.plan;
    const content = JSON.stringify([stage.hasTeacher, temperature, weighting, losses]);
    if (!first.has(content)) first.set(content, stage);
  }
  return [...first.values()];
}

/** Checks the metrics that the strategies of a stage observe. The outputs of the network are not known yet. */
function checkStrategies(plan: StagePlan, hasTeacher: boolean, { build, metrics }: Known): void {
  const strategies = whereBound(() => strategiesOf(plan, build));
  if (strategies !== undefined) checkObserved(strategies, plan, { teacher: hasTeacher, penalties: true, metrics });
}

const strategiesOf = ({ temperature, weighting, losses, paths }: StagePlan, build: Builder['build']): Reacting => ({
  // A kit without the plug-ins of the defaults may still check configs.
  temperature: asTemperature(temperature === defaultTemperature ? () => 1 : build('temperature', temperature, paths.temperature)),
  weighting: asWeighting(build('weighting', weighting, paths.weighting)),
  losses: Object.fromEntries(
    Object.entries(losses).flatMap(([name, config]) =>
      isDefaultLoss(config) ? [] : [[name, build('loss', config, [...paths.losses, name])]],
    ),
  ),
});

/**
 * Checks the metrics by which a training ends stages, stops early and keeps weights against those that its evaluations give.
 * @param path Where the training is in the config.
 * @throws TemperError `config/unknown-name` with the path of the metric, `config/invalid` for a bound that no value can pass.
 */
export function checkChosen(
  { earlyStopping, keep }: Pick<TrainingConfig, 'earlyStopping' | 'keep'>,
  stages: readonly Stage[],
  metrics: readonly Metric[],
  path: Path,
): void {
  for (const { plan, hasTeacher } of stages)
    if (plan.until !== undefined) checkRule(plan.until, [...plan.path, 'until'], metrics, hasTeacher);
  const everyStageHasTeacher = stages.every(({ hasTeacher }) => hasTeacher);
  if (earlyStopping !== undefined) checkRule(earlyStopping, [...path, 'earlyStopping'], metrics, everyStageHasTeacher);
  if (typeof keep === 'object') checkKnown(keep.by, [...path, 'keep', 'by'], metrics, everyStageHasTeacher);
  if (keep === 'best' && measuredBy(metrics, everyStageHasTeacher).length === 0) throw nothingToChoose(path);
}

/** Returns the error for `keep` where every metric needs a teacher and a stage of the training has none. */
const nothingToChoose = (path: Path): TemperError =>
  new TemperError({
    code: 'config/invalid',
    path: ['metrics'],
    message: `every metric compares with a teacher, and ${path.length === 0 ? 'the student' : formatPath(path)} is trained without one`,
    hint: 'Add a metric that needs no teacher, such as "accuracy".',
  });

function checkKnown(metric: string, path: Path, metrics: readonly Metric[], hasTeacher: boolean): void {
  const names = measuredBy(metrics, hasTeacher).map(({ name }) => name);
  if (names.includes(metric)) return;
  throw new TemperError({
    code: 'config/unknown-name',
    path,
    message: unknownName('metric', metric, names),
    ...(needsTeacher(metrics, metric) ? { hint: `"${metric}" compares with a teacher, and this training has none.` } : {}),
  });
}

function checkRule({ metric, above, below }: StopRule, path: Path, metrics: readonly Metric[], hasTeacher: boolean): void {
  checkKnown(metric, [...path, 'metric'], metrics, hasTeacher);
  const [least, most] = metrics.find(({ name }) => name === metric)?.range ?? [-Infinity, Infinity];
  const refuse = (key: string, value: number, allowed: string): never => {
    throw new TemperError({
      code: 'config/invalid',
      path: [...path, key],
      message: `must be ${allowed}, or it is never reached, got ${value}`,
      hint: `Values of ${metric} are from ${least}${most === Infinity ? ' on' : ` to ${most}`}.`,
    });
  };
  if (above !== undefined && above >= most) refuse('above', above, `below ${most}`);
  if (below !== undefined && below <= least) refuse('below', below, `above ${least}`);
}
