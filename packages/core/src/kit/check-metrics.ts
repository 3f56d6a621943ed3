import { factOf, metricNames } from '../metrics/names.js';
import { TemperError, unknownName } from '../errors.js';
import { formatPath } from './issues.js';
import type { RunConfig, StopRule, TeacherConfig, TrainingConfig } from './run-config.js';
import { stagesOf, type StagePlan } from './stage-plan.js';

type Path = readonly PropertyKey[];

/** A training without what only the training of another network says. */
type Training = Omit<TrainingConfig, 'batchSize'> & { readonly batchSize?: number };

/**
 * Checks the metrics that stop rules name, at every level of a config. A teacher may still be handed to the run, so a student
 * without one in the config may name every metric; `checkStopRules` looks again where the teacher is known.
 * @throws TemperError `config/unknown-name` with the path of the metric, `config/invalid` for a bound that no value can pass.
 */
export function checkMetrics(config: RunConfig): void {
  if (config.teacher !== undefined) checkTeacher(config.teacher, ['teacher']);
  const plans = plansOf(config, true, []);
  checkStopRules(config, plans.map((plan) => ({ plan, hasTeacher: true })), []);
}

function checkTeacher({ train, distilled, ensemble }: TeacherConfig, path: Path): void {
  ensemble?.forEach((member, i) => checkTeacher(member, [...path, 'ensemble', i]));
  if (train !== undefined) checkTraining(train, false, [...path, 'train']);
  if (distilled === undefined) return;
  checkTeacher(distilled.teacher, [...path, 'distilled', 'teacher']);
  checkTraining(distilled, true, [...path, 'distilled']);
}

function checkTraining(training: Training, hasTeacher: boolean, path: Path): void {
  const plans = plansOf(training, hasTeacher, path);
  checkStopRules(training, plans.map((plan) => ({ plan, hasTeacher: hasTeacher || plan.teacher !== undefined })), path);
}

function plansOf(training: Training, hasTeacher: boolean, path: Path): StagePlan[] {
  const plans = stagesOf({ batchSize: 1, ...training }, hasTeacher, path);
  // Stages that are repeated share one teacher in the config.
  for (const teacher of new Set(plans.map((plan) => plan.teacher))) if (teacher !== undefined) checkTeacher(teacher.config, teacher.path);
  return plans;
}

/**
 * Checks the stop rules of a training against the metrics that its evaluations give.
 * @param path Where the training is in the config.
 */
export function checkStopRules(
  { earlyStopping }: Pick<TrainingConfig, 'earlyStopping'>,
  stages: readonly { readonly plan: StagePlan; readonly hasTeacher: boolean }[],
  path: Path,
): void {
  for (const { plan, hasTeacher } of stages) if (plan.until !== undefined) checkRule(plan.until, [...plan.path, 'until'], hasTeacher);
  const everyStageHasTeacher = stages.every(({ hasTeacher }) => hasTeacher);
  if (earlyStopping !== undefined) checkRule(earlyStopping, [...path, 'earlyStopping'], everyStageHasTeacher);
}

function checkRule({ metric, above, below }: StopRule, path: Path, hasTeacher: boolean): void {
  const names = metricNames(hasTeacher);
  if (!names.includes(metric)) {
    throw new TemperError({
      code: 'config/unknown-name',
      path: formatPath([...path, 'metric']),
      message: unknownName('metric', metric, names),
      ...(factOf(metric)?.needsTeacher === true ? { hint: `"${metric}" compares with a teacher, and this training has none.` } : {}),
    });
  }
  const [least, most] = factOf(metric)?.range ?? [-Infinity, Infinity];
  const refuse = (key: string, value: number, allowed: string): never => {
    throw new TemperError({
      code: 'config/invalid',
      path: formatPath([...path, key]),
      message: `must be ${allowed}, or it is never reached, got ${value}`,
      hint: `Values of ${metric} are from ${least}${most === Infinity ? ' on' : ` to ${most}`}.`,
    });
  };
  if (above !== undefined && above >= most) refuse('above', above, `below ${most}`);
  if (below !== undefined && below <= least) refuse('below', below, `above ${least}`);
}
