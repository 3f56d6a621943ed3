import { tf } from '#libraries';
import type { Batch, DataSet } from '../contracts/data.js';
import type { Network, NetworkLike } from '../contracts/network.js';
import type { Engine } from '../contracts/engine.js';
import { TemperError, unknownName } from '../errors.js';
import { createReport, type ClassificationReport } from '../metrics/classification-report.js';
import { createMetrics } from '../metrics/index.js';
import { checkLogitsShape } from '../networks/ask-logits.js';
import { checkNetwork, sampleOf } from '../networks/check-network.js';
import { eagerEngine } from '../train/step/eager-engine.js';
import { forwardPass, type Forward } from '../networks/forward.js';
import { networkOf } from '../networks/networks.js';
import { preparedFor } from '../networks/prepared-for.js';
import { batchesInOrder } from '../data/read-ahead.js';
import { preparationWithoutLayers, type StudentDescription } from './student-file.js';

/** What a network reaches on a data set. */
export interface Evaluation extends ClassificationReport {
  /** accuracy, top5 where there are more than five classes, nll, brier, ece. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** How a network is judged. */
export interface EvaluateOptions {
  /** Bins of the calibration error. Default 15. */
  readonly bins?: number;
  /** Makes the passes over large data sets; `compiledEngine()` of @temper/node records them. Default: operation by operation. */
  readonly engine?: Engine;
}

const batchSize = 256;

/**
 * Judges a saved network on one or more data sets as if they were one. `like` takes prepared inputs, as `networkLoader` gives it; or it
 * says itself what it takes (`student.network`). The data may be prepared in another way than the network was trained, and have their classes
 * in another order: names count. Data without names of classes must have as many of them.
 * @throws TemperError `data/invalid` for a class that the network does not know, `model/invalid` where shapes or preparations do not fit.
 */
export async function evaluateStudent(
  like: NetworkLike,
  description: StudentDescription,
  data: readonly DataSet[],
  { bins = 15, engine = eagerEngine }: EvaluateOptions = {},
): Promise<Evaluation> {
  const { classes } = description;
  const preparation = preparationWithoutLayers(description);
  const network = networkOf(like, description.name);
  const own = preparation === undefined || network.preparation !== undefined ? network : { ...network, preparation };
  const report = createReport({ classes, bins });
  const metrics = createMetrics({ classes: classes.length, bins, ...(classes.length > 5 ? { topK: 5 } : {}) });
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
    return { metrics: await metrics.result(), ...report.result() };
  } finally {
    metrics.dispose();
  }
}

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
