import type { DataSet } from '../contracts/data.js';
import type { Metric, MetricFactsByName } from '../contracts/metric.js';
import type { NetworkLike } from '../contracts/network.js';
import type { Engine } from '../contracts/engine.js';
import { createReport, type ClassificationReport } from '../metrics/classification-report.js';
import { accuracy } from '../metrics/accuracy.js';
import { brier } from '../metrics/brier.js';
import { createMetrics } from '../metrics/collector.js';
import { ece } from '../metrics/ece.js';
import { factsOf, measuredBy } from '../metrics/names.js';
import { nll } from '../metrics/nll.js';
import { topK } from '../metrics/top-k.js';
import { eagerEngine } from '../train/step/eager-engine.js';
import { logitsOver } from './logits-over.js';
import type { StudentDescription } from './student-file.js';

/** The results of a network on a data set. */
export interface Evaluation extends ClassificationReport {
  /** Direction and unit of each metric. */
  readonly metricFacts: MetricFactsByName;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Options of an evaluation. */
export interface EvaluateOptions {
  /** The metrics to compute; those that need a teacher are left out. Default: accuracy, top5 for six classes or more, nll, brier, ece. */
  readonly metrics?: readonly Metric[];
  /** Bins of the report's calibration, and of the default `ece`. Default 15. */
  readonly bins?: number;
  /** Makes the passes over large data sets; `compiledEngine()` of @temper/node records them. Default: operation by operation. */
  readonly engine?: Engine;
}

/**
 * Judges a saved network on one or more data sets as if they were one. `like` takes prepared inputs, as a network from `networkLoader`
 * does, or declares its preparation (`student.network`). The preparation of the data and the order of their classes may differ from those
 * of the training; classes are matched by name. Data without class names must have the same number of classes.
 * @throws TemperError `data/invalid` for a class that the network does not know, `model/invalid` where shapes or preparations do not fit.
 */
export async function evaluateStudent(
  like: NetworkLike,
  description: StudentDescription,
  data: readonly DataSet[],
  { bins = 15, metrics: wanted, engine = eagerEngine }: EvaluateOptions = {},
): Promise<Evaluation> {
  const { classes } = description;
  const report = createReport({ classes, bins });
  const measured = measuredBy(wanted ?? usualMetrics(classes.length, bins), false);
  const metrics = createMetrics({ classes: classes.length, metrics: measured });
  try {
    for (const part of data) {
      for await (const { logits, labels, mask } of logitsOver(like, description, part, { engine })) {
        metrics.update({ student: logits, labels, ...(mask && { mask }) });
        report.add(await logits.data(), await labels.data(), await mask?.data());
      }
    }
    return { metrics: await metrics.result(), metricFacts: factsOf(measured), ...report.result() };
  } finally {
    metrics.dispose();
  }
}

/** `top5` is always 1 for five classes or fewer. */
const usualMetrics = (classes: number, bins: number): readonly Metric[] => [
  accuracy(),
  ...(classes > 5 ? [topK()] : []),
  nll(),
  brier(),
  ece({ bins }),
];
