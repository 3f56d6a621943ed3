import * as tf from '@tensorflow/tfjs-core';
import type { DataSet } from '../contracts/data.js';
import type { Network } from '../contracts/network.js';
import { TemperError } from '../errors.js';
import { inOrder } from './sampler.js';
import { createBreather, throwIfStopped, type Session } from './session.js';

/** Logits of every sample of a data set, computed once and kept on the host. */
export interface KnownLogits {
  /** Logits `[n, ..., classes]` of the samples asked for; the caller disposes them. */
  gather(indices: Int32Array): tf.Tensor;
  /** Those of all samples, in order; the caller disposes them. */
  all(): tf.Tensor;
}

const batchSize = 256;
const largestKept = 2 ** 30;

/**
 * Runs a network over a whole data set once. Gives undefined where that cannot be kept: the samples vary
 * (augmentation), or the logits take more than 1 GiB.
 */
export async function knownLogits(network: Network, data: DataSet, phase: string, session: Session): Promise<KnownLogits | undefined> {
  if (data.varying === true) return undefined;
  await session.events.emit({ type: 'phase', phase, total: data.size });
  const breathe = createBreather(session.clock);
  let kept: Float32Array | undefined;
  let shape: number[] = [];
  let done = 0;
  for (const indices of inOrder(data.size, batchSize)) {
    throwIfStopped(session, `while computing ${phase}`);
    const logits = await logitsOf(network, data, indices);
    shape = logits.shape.slice(1);
    const values = await logits.data<'float32'>();
    logits.dispose();
    const width = tf.util.sizeFromShape(shape);
    if (data.size * width * 4 > largestKept) return undefined;
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new TemperError({
        code: 'run/non-finite',
        message: `${network.name} gives ${values[bad]} as a logit for sample ${(indices[0] as number) + Math.floor(bad / width)}`,
        hint: 'A teacher with such weights cannot teach; look at how it was trained or saved.',
      });
    }
    kept ??= new Float32Array(data.size * width);
    kept.set(values, done * width);
    done += indices.length;
    await session.events.emit({ type: 'phase-progress', phase, done, total: data.size });
    await breathe();
  }
  const all = kept ?? new Float32Array();
  const width = tf.util.sizeFromShape(shape);
  return {
    gather(indices) {
      const values = new Float32Array(indices.length * width);
      indices.forEach((sample, row) => values.set(all.subarray(sample * width, (sample + 1) * width), row * width));
      return tf.tensor(values, [indices.length, ...shape], 'float32');
    },
    all: () => tf.tensor(all, [data.size, ...shape], 'float32'),
  };
}

async function logitsOf(network: Network, data: DataSet, indices: Int32Array): Promise<tf.Tensor> {
  const batch = await data.batch(indices);
  try {
    return tf.tidy(() => network.logits(batch.inputs, { training: false }));
  } finally {
    tf.dispose([batch.inputs, batch.labels, ...(batch.mask === undefined ? [] : [batch.mask])]);
  }
}
