import { buildMetrics, factsOf, measuredBy, TemperError, unknownName, whereBound, type Kit, type MetricFactsByName } from '@temper/core';
import { inVariant, type ComparisonPlan } from './plan.js';

/**
 * Finds the direction and unit of a comparison's metric, and refuses a metric that a variant does not measure, before the first run.
 * @returns undefined where a metric needs services that only a run binds.
 * @throws TemperError `config/unknown-name` with the known names.
 */
export function checkMetric(kit: Kit, plan: ComparisonPlan, metric: string): MetricFactsByName[string] | undefined {
  let facts: MetricFactsByName[string] | undefined;
  for (const variant of plan.variants) {
    const config = plan.configOf(variant);
    const known = whereBound(() => buildMetrics(config, kit.build));
    if (known === undefined) return undefined;
    const measured = factsOf(measuredBy(known, config.teacher !== undefined));
    const found = Object.hasOwn(measured, metric) ? measured[metric] : undefined;
    if (found === undefined) {
      const message = unknownName('metric', metric, Object.keys(measured));
      const error = new TemperError({ code: 'config/unknown-name', path: 'metric', message });
      throw variant === plan.variants[0] ? error : inVariant(variant.name, error);
    }
    facts = found;
  }
  return facts;
}
