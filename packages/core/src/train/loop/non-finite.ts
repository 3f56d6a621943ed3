import { TemperError } from '../../errors.js';
import type { Metrics } from '../../contracts/schedule.js';
import type { StagePlan } from '../../kit/stage-plan.js';
import type { StepReport } from './readback.js';

const usualCauses = 'Usual causes: a learning rate too high, a temperature too near 0, or inputs that are not scaled.';

/** Returns whether the loss of an update, which contains all terms, is finite. */
export const isFiniteReport = ({ numbers }: StepReport): boolean => Number.isFinite(numbers['loss']);

/** Describes a loss that is not finite, with everything that may explain it; the path is that of the first term that is not finite. */
export function nonFiniteLoss({ name }: StagePlan, report: StepReport): TemperError {
  const term = Object.keys(report.numbers).find((key) => key.startsWith('loss.') && !Number.isFinite(report.numbers[key]));
  return new TemperError({
    code: 'run/non-finite',
    ...(term === undefined ? {} : { path: `losses.${term.slice('loss.'.length)}` }),
    message: `the loss became ${report.numbers['loss']} in stage "${name}" at step ${report.step} (${shown(report)})`,
    hint: usualCauses,
  });
}

/** Describes an update with a finite loss after which numbers are not finite. */
export function nonFiniteUpdate({ name }: StagePlan, report: StepReport, terms: readonly string[]): TemperError {
  const where = `in stage "${name}" at step ${report.step} (${shown(report)})`;
  if (terms.length === 0) {
    return new TemperError({
      code: 'run/non-finite',
      path: 'optimizer',
      message: `the update makes weights that are not finite, from finite gradients, ${where}`,
      hint: usualCauses,
    });
  }
  const named = terms.map((term) => (term === 'penalty' ? 'the penalty of the weighting' : `losses.${term}`)).join(', ');
  return new TemperError({
    code: 'run/non-finite',
    path: terms[0] === 'penalty' ? 'weighting' : `losses.${terms[0]}`,
    message: `the gradient of ${named} is not finite, although the loss is, ${where}`,
    hint: 'Usual causes: a square root or logarithm at 0 inside the loss, a learning rate too high, or a temperature too near 0.',
  });
}

/** Describes weights that are not finite, if the update that caused them is unknown. */
export function nonFiniteWeights({ name }: StagePlan, updates: number): TemperError {
  return new TemperError({
    code: 'run/non-finite',
    message: `weights or the optimizer's state are not finite in stage "${name}" after update ${updates}`,
    hint: usualCauses,
  });
}

/**
 * Checks the metrics of an evaluation.
 * @throws TemperError `run/non-finite`, which lists the metrics that are not finite.
 */
export function checkMetrics(metrics: Metrics, where: string): void {
  const bad = Object.entries(metrics).filter(([, value]) => !Number.isFinite(value));
  if (bad.length === 0) return;
  throw new TemperError({
    code: 'run/non-finite',
    message: `the evaluation ${where} gives ${bad.map(([name, value]) => `${name} ${value}`).join(', ')}`,
    hint: `Its logits are not finite, or no label of the data is counted. ${usualCauses}`,
  });
}

function shown({ numbers, scalars }: StepReport): string {
  const terms = Object.entries(numbers).map(([name, value]) => `${name} ${value}`);
  const given = Object.entries(scalars).map(([name, value]) => `${name} ${Number(value.toPrecision(6))}`);
  return `${terms.join(', ')}; ${given.join(', ')}`;
}
