import type { Metric } from '../contracts/metric.js';
import type { Metrics } from '../contracts/schedule.js';
import type { Keep } from '../kit/run-config.js';

/**
 * Returns the metrics by which the best weights are chosen: the first decides, and the others break ties. Empty where the last weights
 * are kept.
 */
export function choiceOf(keep: Keep, metrics: readonly Metric[]): readonly Metric[] {
  if (keep === 'last') return [];
  const wanted = keep === 'best' ? ['accuracy', 'nll'] : [keep.by];
  const found = wanted.flatMap((wanted) => metrics.filter(({ name }) => name === wanted));
  return keep !== 'best' || found[0]?.name === 'accuracy' ? found : metrics.slice(0, 1);
}

/** Returns whether an evaluation is better than another by these metrics; where all are equal, the earlier evaluation stays the best. */
export function isBetter(choice: readonly Metric[], one: Metrics, other: Metrics | undefined): boolean {
  if (other === undefined) return true;
  for (const { name, better } of choice) {
    const [value, before] = [one[name] ?? Number.NaN, other[name] ?? Number.NaN];
    if (Number.isNaN(value)) continue;
    // The metric was not measured then: the run was resumed with another choice.
    if (Number.isNaN(before)) return true;
    if (value !== before) return better === 'max' ? value > before : value < before;
  }
  return false;
}
