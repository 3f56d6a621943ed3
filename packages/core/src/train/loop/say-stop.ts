import type { StopReport } from '../../contracts/events.js';

/**
 * Describes the early end of a stage or a training, in lines of text.
 * @example sayStop(event)
 * // ['stopped early by earlyStopping: accuracy has not improved for 5 evaluations', '  after epoch 9, …', …]
 */
export function sayStop({
  network,
  stage,
  rule,
  reason,
  epoch,
  stageStep,
  stageSteps,
  metric,
  best,
  schedules,
  finishIn,
  skipped,
}: StopReport): string[] {
  const isEarly = rule.endsWith('earlyStopping');
  const stopped = `${isEarly ? `"${network}" stopped early` : `stage "${stage}" ended`} by ${rule}: ${reason}`;
  const where =
    `  after epoch ${epoch}, update ${stageStep} of ${stageSteps} of stage "${stage}"; best ${metric} ` +
    `${short(best.value)} (epoch ${best.epoch})`;
  if (finishIn !== undefined)
    return [stopped, where, `  the schedules continue to their ends within ${finishIn} updates`, ...notTrained(skipped)];
  return [
    stopped,
    where,
    ...schedules.map(({ name, from, reached, to }) => `  ${name} reached ${short(reached)} of ${short(from)} → ${short(to)}`),
    ...notTrained(skipped),
  ];
}

const notTrained = (skipped: readonly string[]): string[] =>
  skipped.length === 0 ? [] : [`  not trained: ${skipped.map((name) => `"${name}"`).join(', ')}`];

const short = (value: number): string => String(Number(value.toPrecision(3)));
