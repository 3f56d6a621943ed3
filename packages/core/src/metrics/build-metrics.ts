import { tf } from '#libraries';
import type { Container } from 'inversify';
import type { Metric } from '../contracts/metric.js';
import type { Builder } from '../kit/builder.js';
import type { RunConfig } from '../kit/run-config.js';
import { createMetrics } from './collector.js';
import { defaultMetrics } from './index.js';
import { checkNames } from './names.js';

/**
 * Builds the metrics of a run.
 * @throws TemperError with the path of a metric that cannot be built, or whose name is already in use.
 */
export function buildMetrics({ metrics }: Pick<RunConfig, 'metrics'>, build: Builder['build'], container?: Container): readonly Metric[] {
  if (metrics === undefined) return defaultMetrics();
  const built = metrics.map((config, i) => build('metric', config, ['metrics', i], container));
  checkNames(built);
  return built;
}

/**
 * Computes the metrics of two artificial samples, so that a metric that cannot work is refused before training.
 * @throws TemperError at the path of the metric.
 */
export function rehearseMetrics(metrics: readonly Metric[], classes: number): void {
  const collector = createMetrics({ classes, metrics });
  try {
    tf.tidy(() => {
      const student = tf.zeros([2, classes]);
      collector.update({ student, teacher: student, labels: tf.tensor1d([0, classes - 1], 'int32') });
    });
  } finally {
    collector.dispose();
  }
}
