import { buildMetrics, TemperError, unknownName, type Kit, type MetricFactsByName } from '@temper/core';
import { inVariant, type ComparisonPlan } from './plan.js';

/**
 * Finds how the metric of a comparison is read, and refuses one that a variant does not measure, before the first run.
 * @returns undefined where a metric needs services that only a run binds.
 * @throws TemperError `config/unknown-name` with the known names.
 */
export function checkMetric(kit: Kit, plan: ComparisonPlan, metric: string): MetricFactsByName[string] | undefined {
  let facts: MetricFactsByName[string] | undefined;
  for (const variant of plan.variants) {
    const config = plan.configOf(variant);
    const known = whereBound(() => buildMetrics(config, kit.build));
    if (known === undefined) return undefined;
    const measured = known.filter(({ needs }) => config.teacher !== undefined || !needs.includes('teacher'));
    const found = measured.find(({ name }) => name === metric);
    if (found === undefined) {
      const names = measured.map(({ name }) => name);
      const error = new TemperError({ code: 'config/unknown-name', path: 'metric', message: unknownName('metric', metric, names) });
      throw variant === plan.variants[0] ? error : inVariant(variant.name, error);
    }
    facts = { better: found.better, unit: found.unit };
  }
  return facts;
}

function whereBound<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof TemperError && error.code.startsWith('plugin/')) return undefined;
    throw error;
  }
}
