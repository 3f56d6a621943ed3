import { tf } from '#libraries';
import type { Batch, DataSet } from '../contracts/data.js';
import type { Engine } from '../contracts/engine.js';
import type { Network, NetworkLike } from '../contracts/network.js';
import { TemperError, unknownName } from '../errors.js';
import { checkLogitsShape } from '../networks/ask-logits.js';
import { checkNetwork, sampleOf } from '../networks/check-network.js';
import { forwardPass } from '../networks/forward.js';
import { networkOf } from '../networks/networks.js';
import { preparedFor } from '../networks/prepared-for.js';
import { batchesInOrder } from '../data/read-ahead.js';
import { eagerEngine } from '../train/step/eager-engine.js';
import { preparationWithoutLayers, type StudentDescription } from './student-file.js';

/** The logits of a saved network for some samples. Their tensors are freed when the next batch is requested. */
export interface LogitsBatch {
  /** Positions of the samples in the data set. */
  readonly indices: Int32Array;
  /** `[batch, …, classes]`. */
  readonly logits: tf.Tensor;
  /** `[batch, …]`: classes of the network, whatever the order of the classes of the data; −100 is not counted. */
  readonly labels: tf.Tensor;
  /** Shape of the labels; 0 is not counted. */
  readonly mask?: tf.Tensor;
}

/** How the batches of `logitsOver` are computed. */
export interface LogitsOptions {
  /** Default 256. */
  readonly batchSize?: number;
  /** Makes the passes over large data sets; `compiledEngine()` of @temper/node records them. Default: operation by operation. */
  readonly engine?: Engine;
}

/**
 * Gives the logits of a saved network for all samples of a data set, batch by batch. `like` takes prepared inputs, as a network from
 * `networkLoader` does, or declares its preparation (`student.network`). The preparation of the data and the order of their classes may
 * differ from those of the training; classes are matched by name. Data without class names must have the same number of classes.
 * @throws TemperError `data/invalid` for a class that the network does not know, `model/invalid` where shapes or preparations do not fit.
 * @example
 * for await (const { logits, labels } of logitsOver(student.network, student.description, data)) console.log(await logits.data());
 */
export async function* logitsOver(
  like: NetworkLike,
  description: StudentDescription,
  data: DataSet,
  { batchSize = 256, engine = eagerEngine }: LogitsOptions = {},
): AsyncGenerator<LogitsBatch> {
  const { classes, name } = description;
  const idOf = classIds(data, classes);
  const fitted = preparedFor(withPreparation(networkOf(like, name), description), data, 'data');
  await tryOut(fitted, data, classes.length);
  const forward = forwardPass(fitted, { engine, size: data.size, batchSize });
  try {
    for await (const { indices, batch } of batchesInOrder(data, batchSize)) {
      const kept: tf.Tensor[] = [];
      try {
        const labels = tf.tensor(Int32Array.from(await batch.labels.data(), idOf), batch.labels.shape, 'int32');
        kept.push(labels);
        const logits = forward.logits(batch.inputs);
        kept.push(logits);
        checkLogitsShape(logits, labels, classes.length, name);
        yield { indices, logits, labels, ...(batch.mask && { mask: batch.mask }) };
      } finally {
        tf.dispose([...kept, { ...batch }]);
      }
    }
  } finally {
    forward.dispose();
  }
}

function withPreparation(network: Network, description: StudentDescription): Network {
  const preparation = preparationWithoutLayers(description);
  return preparation === undefined || network.preparation !== undefined ? network : { ...network, preparation };
}

async function tryOut(network: Network, data: DataSet, classes: number): Promise<void> {
  const sample: Batch = await sampleOf(data);
  try {
    checkNetwork(network, sample, classes, 'data');
  } finally {
    tf.dispose({ ...sample });
  }
}

/** Returns the function from a label of the data to a class of the network. */
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
