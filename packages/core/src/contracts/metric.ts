import type * as tf from '@tensorflow/tfjs-core';

/** Logits of a batch at temperature 1, and values derived from them; computed once for all metrics. */
export interface Predictions {
  /** `[n, classes]`. */
  readonly logits: tf.Tensor2D;
  /** Logits minus the largest of their sample, `[n, classes]`; `shifted − logSum` is log p and stays accurate for large logits. */
  readonly shifted: tf.Tensor2D;
  /** log Σ exp(shifted), `[n, 1]`. */
  readonly logSum: tf.Tensor2D;
  /** `[n, classes]`. */
  readonly probabilities: tf.Tensor2D;
  /** The class with the largest logit, int32 `[n]`; the first of equal ones. */
  readonly top: tf.Tensor1D;
}

/** The inputs of a metric for a batch: one row for each sample, or for each position of a sequence. */
export interface MetricBatch {
  readonly student: Predictions;
  /** int32 `[n]`. Rows whose label is −100 or whose mask is 0 are included, and dropped from the sums. */
  readonly labels: tf.Tensor1D;
  /** Labels as rows of 0 and 1, float32 `[n, classes]`. */
  readonly oneHot: tf.Tensor2D;
}

/** The inputs of a metric that lists `teacher` in `needs`. */
export interface TaughtMetricBatch extends MetricBatch {
  readonly teacher: Predictions;
}

/** The computation of a metric: values per sample, which are added up over all batches, and the metric from their sums. */
export interface SampleMetric<B extends MetricBatch = MetricBatch> {
  /** Name in results, for metrics whose name depends on their options (`top5`). Default: the type of the definition. */
  readonly name?: string;
  /** Values per sample, `[n]`, or several of them, `[m, n]`; tensor operations only. */
  sample(batch: B): tf.Tensor;
  /** Returns the metric from the sums over all counted samples and their number. Default: the mean, `sums[0] / count`. */
  value?(sums: Float64Array, count: number): number;
}

/** The facts about a metric that tables, stop rules and reporters use. */
export interface MetricFacts {
  /** Whether larger or smaller values are better. */
  readonly better: 'max' | 'min';
  /** `share` (0 to 1, printed in percent), or a text printed after the number, such as `nats`; empty for a plain number. */
  readonly unit: string;
  /** `teacher`: the metric compares with a teacher, and is left out where there is none. */
  readonly needs: readonly 'teacher'[];
  /** Smallest and largest possible value. */
  readonly range: readonly [least: number, most: number];
}

/** The facts that are needed to print metrics, by name. */
export type MetricFactsByName = Readonly<Record<string, Pick<MetricFacts, 'better' | 'unit'>>>;

/** A metric of evaluations; what a metric definition creates. */
export interface Metric extends MetricFacts {
  readonly name: string;
  sample(batch: TaughtMetricBatch): tf.Tensor;
  value(sums: Float64Array, count: number): number;
}
