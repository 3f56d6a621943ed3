import { tf } from '#libraries';
import type { Batch, DataSet } from '../contracts/data.js';
import type { Metric, MetricFactsByName } from '../contracts/metric.js';
import type { Network, NetworkLike } from '../contracts/network.js';
import type { Engine } from '../contracts/engine.js';
import { TemperError, unknownName } from '../errors.js';
import { createReport, type ClassificationReport } from '../metrics/classification-report.js';
import { accuracy } from '../metrics/accuracy.js';
import { brier } from '../metrics/brier.js';
import { createMetrics } from '../metrics/collector.js';
import { ece } from '../metrics/ece.js';
import { factsOf, measuredBy } from '../metrics/names.js';
import { nll } from '../metrics/nll.js';
import { topK } from '../metrics/top-k.js';
import { checkLogitsShape } from '../networks/ask-logits.js';
import { checkNetwork, sampleOf } from '../networks/check-network.js';
import { eagerEngine } from '../train/step/eager-engine.js';
import { forwardPass, type Forward } from '../networks/forward.js';
import { networkOf } from '../networks/networks.js';
import { preparedFor } from '../networks/prepared-for.js';
import { batchesInOrder } from '../data/read-ahead.js';
import { preparationWithoutLayers, type StudentDescription } from './student-file.js';

/** The results of a network on a data set. */
export interface Evaluation extends ClassificationReport {
  /** Direction and unit of each metric. */
  readonly metricFacts: MetricFactsByName;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Options of an evaluation. */
export interface EvaluateOptions {
  /**
   * What is measured; metrics that compare with a teacher are left out. Default: accuracy, top5 for six classes or more, nll, brier, ece.
   */
  readonly metrics?: readonly Metric[];
  /** Bins of the report's calibration, and of the default `ece`. Default 15. */
  readonly bins?: number;
  /** Makes the passes over large data sets; `compiledEngine()` of @temper/node records them. Default: operation by operation. */
  readonly engine?: Engine;
}

const batchSize = 256;

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
  const preparation = preparationWithoutLayers(description);
  const network = networkOf(like, description.name);
  const own = preparation === undefined || network.preparation !== undefined ? network : { ...network, preparation };
  const report = createReport({ classes, bins });
  const measured = measuredBy(wanted ?? usualMetrics(classes.length, bins), false);
  const metrics = createMetrics({ classes: classes.length, metrics: measured });
  const add = async (part: DataSet): Promise<void> => {
    const idOf = classIds(part, classes);
    const fitted = preparedFor(own, part, 'data');
    await tryOut(fitted, part, classes);
    const forward = forwardPass(fitted, { engine, size: part.size, batchSize });
    try {
      for await (const { batch } of batchesInOrder(part, batchSize)) await addBatch(batch, forward, idOf);
    } finally {
      forward.dispose();
    }
  };
  const addBatch = async (batch: Batch, forward: Forward, idOf: (label: number) => number): Promise<void> => {
    const labels = tf.tensor(Int32Array.from(await batch.labels.data(), idOf), batch.labels.shape, 'int32');
    let logits: tf.Tensor | undefined;
    try {
      logits = forward.logits(batch.inputs);
      checkLogitsShape(logits, labels, classes.length, description.name);
      metrics.update({ student: logits, labels, ...(batch.mask && { mask: batch.mask }) });
      report.add(await logits.data(), await labels.data(), await batch.mask?.data());
    } finally {
      tf.dispose([labels, { ...batch }, ...(logits === undefined ? [] : [logits])]);
    }
  };
  try {
    for (const part of data) await add(part);
    return { metrics: await metrics.result(), metricFacts: factsOf(measured), ...report.result() };
  } finally {
    metrics.dispose();
  }
}

/** `top5` says nothing of five classes or fewer. */
const usualMetrics = (classes: number, bins: number): readonly Metric[] => [
  accuracy(),
  ...(classes > 5 ? [topK()] : []),
  nll(),
  brier(),
  ece({ bins }),
];

async function tryOut(network: Network, data: DataSet, classes: readonly string[]): Promise<void> {
  const sample: Batch = await sampleOf(data);
  try {
    checkNetwork(network, sample, classes.length, 'data');
  } finally {
    tf.dispose({ ...sample });
  }
}

/** From a label of the data to a class of the network. */
function classIds({ classes, classNames }: DataSet, known: readonly string[]): (label: number) => number {
  if (classNames === undefined) {
    if (classes === known.length) return (label) => label;
    throw new TemperError({ code: 'data/invalid', path: 'data', message: `has ${classes} classes, the network ${known.length}` });
  }
  const idOf = new Map(known.map((name, id) => [name, id]));
  const ids = classNames.map((name) => idOf.get(name) ?? -1);
  const unknown = classNames.find((_, i) => (ids[i] as number) < 0);
  if (unknown !== undefined) throw new TemperError({ code: 'data/invalid', path: 'data', message: unknownName('class', unknown, known) });
  return (label) => ids[label] ?? label;
}
