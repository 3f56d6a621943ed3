import type { Metric, MetricFactsByName } from '../contracts/metric.js';
import { TemperError } from '../errors.js';
import { show } from '../kit/issues.js';

/** Returns the metrics that an evaluation measures, with and without a teacher. */
export const measuredBy = (metrics: readonly Metric[], hasTeacher: boolean): readonly Metric[] =>
  metrics.filter(({ needs }) => hasTeacher || !needs.includes('teacher'));

/** Returns whether a metric of a stop rule (`kl`) or of a strategy (`validation.kl`) exists only with a teacher. */
export const needsTeacher = (metrics: readonly Metric[], metric: string): boolean =>
  metrics.some(({ name, needs }) => name === metric.replace(/^validation\./, '') && needs.includes('teacher'));

/** Returns the facts by which tables and reporters print metrics, by name. */
export const factsOf = (metrics: readonly Metric[]): MetricFactsByName =>
  Object.fromEntries(metrics.map(({ name, better, unit }) => [name, { better, unit }]));

/** Returns whether larger or smaller values of each validation metric are better, by the names in strategies (`validation.kl`). */
export const directionsOf = (metrics: readonly Metric[]): Readonly<Record<string, 'max' | 'min'>> =>
  Object.fromEntries(metrics.map(({ name, better }) => [`validation.${name}`, better]));

/**
 * Checks that every metric has a name of its own.
 * @throws TemperError `config/invalid` for a name that appears twice, `plugin/invalid` for one that is not a plain name.
 */
export function checkNames(metrics: readonly Metric[]): void {
  metrics.forEach(({ name }, i) => {
    if (!/^[A-Za-z][\w-]*$/.test(name)) {
      throw new TemperError({
        code: 'plugin/invalid',
        path: ['metrics', i],
        message: `the name of a metric must consist of letters, digits, - and _, got ${show(name)}`,
      });
    }
    const first = metrics.findIndex((other) => other.name === name);
    if (first === i) return;
    throw new TemperError({
      code: 'config/invalid',
      path: ['metrics', i],
      message: `"${name}" is already the name of metrics[${first}]`,
      hint: 'Remove one of the two. A plug-in metric may name itself after its options: return `name` from `create`.',
    });
  });
}

/** The name under which the penalties of the student's layers are reported, next to the losses. */
export const regularizationTerm = 'regularization';
