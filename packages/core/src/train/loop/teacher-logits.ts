import * as tf from '@tensorflow/tfjs-core';
import type { Batch, DataSet } from '../../contracts/data.js';
import type { Network } from '../../contracts/network.js';
import { TemperError } from '../../errors.js';
import { checkLogitsShape } from '../../networks/ask-logits.js';
import { forwardPass, passIn, type Forward } from '../../networks/forward.js';
import { batchesInOrder, disposeBatch } from '../../data/read-ahead.js';
import { createBreather, throwIfStopped, type Session } from './session.js';

/** Logits of every sample of a data set, computed once and kept on the host. */
export interface KnownLogits {
  /** Returns logits `[n, ..., classes]` of the given samples; the caller disposes them. */
  gather(indices: Int32Array): tf.Tensor;
  /** Returns the logits of all samples, in order; the caller disposes them. */
  all(): tf.Tensor;
}

const batchSize = 256;
const largestKept = 2 ** 30;

/**
 * Runs a network over a whole data set once. Returns undefined if the logits cannot be kept: the samples vary (augmentation), or the
 * logits take more than 1 GiB.
 */
export async function knownLogits(network: Network, data: DataSet, phase: string, session: Session): Promise<KnownLogits | undefined> {
  if (data.varying === true) return undefined;
  const key = await session.logits?.keyOf(network, data);
  const stored = key === undefined ? undefined : await session.logits?.read(key);
  // A store of another program may hold anything.
  if (stored?.values.length === data.size * tf.util.sizeFromShape([...(stored?.shape ?? [])]))
    return known(stored.values, data.size, stored.shape);
  await session.events.emit({ type: 'phase', phase, total: data.size });
  const forward = forwardPass(network, passIn(session, data.size, batchSize));
  try {
    const all = await collected(network, forward, data, phase, session);
    if (all === undefined) return undefined;
    if (key !== undefined) await session.logits?.write(key, all);
    return known(all.values, data.size, all.shape);
  } finally {
    forward.dispose();
  }
}

/** Returns the logits of all samples, one after the other, and the shape of one; undefined if they take too much memory. */
async function collected(
  network: Network,
  forward: Forward,
  data: DataSet,
  phase: string,
  session: Session,
): Promise<{ readonly values: Float32Array; readonly shape: readonly number[] } | undefined> {
  const breathe = createBreather(session.clock);
  let kept: { readonly values: Float32Array; readonly shape: readonly number[] } | undefined;
  let done = 0;
  for await (const { indices, batch } of batchesInOrder(data, batchSize)) {
    const logits = logitsOf(forward, batch);
    const shape = logits.shape.slice(1);
    const values = await logits.data<'float32'>();
    logits.dispose();
    checkLogitsShape(logits, batch.labels, data.classes, network.name);
    throwIfStopped(session, `while computing ${phase}`);
    const width = tf.util.sizeFromShape(shape);
    if (data.size * width * 4 > largestKept) return undefined;
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new TemperError({
        code: 'run/non-finite',
        message: `${network.name} gives ${values[bad]} as a logit for sample ${(indices[0] as number) + Math.floor(bad / width)}`,
        hint: 'Check how the teacher was trained or saved.',
      });
    }
    kept ??= { values: new Float32Array(data.size * width), shape };
    kept.values.set(values, done * width);
    done += indices.length;
    await session.events.emit({ type: 'phase-progress', phase, done, total: data.size });
    await breathe();
  }
  return kept;
}

function known(all: Float32Array, size: number, shape: readonly number[]): KnownLogits {
  const width = all.length / size;
  return {
    gather(indices) {
      const values = new Float32Array(indices.length * width);
      indices.forEach((sample, row) => values.set(all.subarray(sample * width, (sample + 1) * width), row * width));
      return tf.tensor(values, [indices.length, ...shape], 'float32');
    },
    all: () => tf.tensor(all, [size, ...shape], 'float32'),
  };
}

function logitsOf(forward: Forward, batch: Batch): tf.Tensor {
  try {
    return forward.logits(batch.inputs);
  } finally {
    disposeBatch(batch);
  }
}
