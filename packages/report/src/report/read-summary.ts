import type { MetricFactsByName } from '@temper/core';
import { fieldsOf, isNumber, numbersOf } from './fields.js';
import type { ReportedSummary } from './report.js';

/** Reads a run's `summary.json`; invalid parts are left out, and undefined is returned where nothing remains. */
export function readSummary(value: unknown): ReportedSummary | undefined {
  const { steps, seconds, chosen, test, teacherTest, parameters, warnings } = fieldsOf(value);
  const { epoch, by, validation } = fieldsOf(chosen);
  if (test === undefined && chosen === undefined) return undefined;
  return {
    ...(isNumber(steps) ? { steps } : {}),
    ...(isNumber(seconds) ? { seconds } : {}),
    ...(isNumber(epoch) && typeof by === 'string' ? { chosen: { epoch, by, validation: numbersOf(validation) } } : {}),
    test: numbersOf(test),
    ...(teacherTest === undefined ? {} : { teacherTest: numbersOf(teacherTest) }),
    parameters: numbersOf(parameters),
    warnings: Array.isArray(warnings) ? warnings.filter((one): one is string => typeof one === 'string') : [],
  };
}

/** Reads direction and unit of the metrics of a run's `summary.json`. */
export function readMetricFacts(value: unknown): MetricFactsByName {
  return Object.fromEntries(
    Object.entries(fieldsOf(fieldsOf(value)['metricFacts'])).flatMap(([name, facts]) => {
      const { better, unit } = fieldsOf(facts);
      return (better === 'max' || better === 'min') && typeof unit === 'string' ? [[name, { better, unit }]] : [];
    }),
  );
}

/** Returns the metric that a report shows for each seed: the one by which weights were kept, else the accuracy or the first. */
export function decidingMetric(summaries: readonly ReportedSummary[]): string {
  const [first] = summaries;
  const names = Object.keys(first?.test ?? {});
  const by = first?.chosen?.by.replace(/^best validation /, '');
  return [by, 'accuracy', ...names].find((name) => name !== undefined && names.includes(name)) ?? 'accuracy';
}
