import { tf } from '#libraries';
import type { Batch, DataSet } from '../contracts/data.js';
import type { Network, NetworkLike } from '../contracts/network.js';
import { TemperError, unknownName } from '../errors.js';
import { createReport, type ClassificationReport } from '../metrics/classification-report.js';
import { createMetrics } from '../metrics/index.js';
import { checkNetwork, sampleOf } from '../train/check-network.js';
import { networkOf } from '../train/networks.js';
import { preparedFor } from '../train/prepared-for.js';
import { inOrder } from '../train/sampler.js';
import { preparationWithoutLayers, type StudentDescription } from './student-file.js';

/** What a network reaches on a data set. */
export interface Evaluation extends ClassificationReport {
  /** accuracy, top5 where there are more than five classes, nll, brier, ece. */
  readonly metrics: Readonly<Record<string, number>>;
}

const batchSize = 256;

/**
 * Judges a saved network on one or more data sets as if they were one. `like` takes prepared inputs, as `networkLoader` gives it; or it
 * says itself what it takes (`student.network`). The data may be prepared in another way than the network was trained, and have their classes
 * in another order: names count. Data without names of classes must have as many of them.
 * @throws TemperError `data/invalid` for a class that the network does not know, `model/invalid` where shapes or preparations do not fit.
 */
export async function evaluateStudent(like: NetworkLike, description: StudentDescription, data: readonly DataSet[], { bins = 15 } = {}): Promise<Evaluation> {
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
    for (const indices of inOrder(part.size, batchSize)) {
      const batch = await part.batch(indices);
      const labels = tf.tensor(Int32Array.from(await batch.labels.data(), idOf), batch.labels.shape, 'int32');
      const logits = tf.tidy(() => fitted.logits(batch.inputs, { training: false }));
      try {
        metrics.update({ student: logits, labels, ...(batch.mask && { mask: batch.mask }) });
        report.add(await logits.data(), await labels.data(), await batch.mask?.data());
      } finally {
        tf.dispose([logits, labels, { ...batch }]);
      }
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
  const ids = classNames.map((name) => known.indexOf(name));
  const unknown = classNames.find((_, i) => (ids[i] as number) < 0);
  if (unknown !== undefined) throw new TemperError({ code: 'data/invalid', path: 'data', message: unknownName('class', unknown, known) });
  return (label) => ids[label] ?? label;
}
