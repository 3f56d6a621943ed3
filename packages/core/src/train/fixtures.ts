// What the tests of the loop share; not part of the package's API.
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { DataSplits } from '../contracts/data.js';
import type { RunEvent, Reporter } from '../contracts/events.js';
import { arrayDataSet } from '../data/array-data-set.js';
import { defineLoss, defineModel, definePlugin, defineSchedule } from '../kit/define.js';
import { progressOf } from '../progress.js';
import { createRandom } from '../random.js';

export const linear = defineSchedule({
  type: 'linear',
  options: z.object({ from: z.number(), to: z.number() }),
  create: ({ from, to }) => (at) => from + (to - from) * progressOf(at),
});

export const crossEntropy = defineLoss({
  type: 'cross-entropy',
  options: z.object({}),
  create: () => (x) => {
    const hot = tf.oneHot(tf.cast(x.labels as tf.Tensor1D, 'int32'), x.student.shape[x.student.rank - 1] as number);
    return tf.neg(tf.sum(tf.mul(hot, tf.logSoftmax(x.student)), -1));
  },
});

export const kl = defineLoss({
  type: 'kl',
  options: z.object({ scale: z.string().optional() }),
  create: () =>
    Object.assign(
      (x: { student: tf.Tensor; teacher?: tf.Tensor; temperature?: unknown }) => {
        const T = x.temperature as tf.Scalar;
        const target = tf.softmax(tf.div(x.teacher as tf.Tensor, T));
        const difference = tf.sub(tf.logSoftmax(tf.div(x.teacher as tf.Tensor, T)), tf.logSoftmax(tf.div(x.student, T)));
        return tf.mul(tf.square(T), tf.sum(tf.mul(target, difference), -1));
      },
      { needs: ['teacher'] as const },
    ),
});

/** One dense layer as plain variables, so that core's tests need no other package. */
export const dense = defineModel({
  type: 'dense',
  options: z.object({}),
  create: () => ({ inputShape, classes, seed, name }) => {
    const stream = createRandom(seed).stream(name);
    const features = inputShape[0] as number;
    const [weights, bias] = tf.tidy(() => [
      tf.variable(tf.tensor2d(Float32Array.from({ length: features * classes }, () => 0.1 * stream.normal()), [features, classes])),
      tf.variable(tf.zeros([classes])),
    ]) as [tf.Variable, tf.Variable];
    return {
      name,
      parameters: [weights, bias],
      buffers: [],
      logits: (inputs) => tf.add(tf.matMul(inputs as tf.Tensor2D, weights as tf.Tensor2D), bias),
      dispose: () => tf.dispose([weights, bias]),
    };
  },
});

// `ready`: these tests train in JavaScript on purpose, and no run has to warn of it.
export const basics = definePlugin({ name: 'basics', provides: [linear, crossEntropy, kl, dense], ready: () => Promise.resolve([]) });

export const basicRun = {
  name: 'test',
  seed: 1,
  teacher: { model: { type: 'dense' }, train: { epochs: 2 } },
  student: { model: { type: 'dense' } },
  optimizer: { type: 'sgd', learningRate: 0.1 },
  batchSize: 16,
  epochs: 3,
} as const;

/** Points around one centre for each class. */
export function blobs({ train = 60, rest = 30, classes = 3, features = 4, seed = 7 } = {}): DataSplits {
  const part = (name: string, size: number) => {
    const stream = createRandom(seed).stream(name);
    const labels = Int32Array.from({ length: size }, (_, i) => i % classes);
    const inputs = Float32Array.from({ length: size * features }, (_, i) => {
      const label = labels[Math.floor(i / features)] as number;
      return (i % features === label ? 2 : 0) + 0.5 * stream.normal();
    });
    return arrayDataSet({ inputs, labels, inputShape: [features], classes });
  };
  return { train: part('train', train), validation: part('validation', rest), test: part('test', rest) };
}

/** Remembers every event. */
export function recorder(): Reporter & { readonly events: RunEvent[]; of<T extends RunEvent['type']>(type: T): Extract<RunEvent, { type: T }>[] } {
  const events: RunEvent[] = [];
  return {
    name: 'recorder',
    events,
    report: (event) => void events.push(event),
    of: (type) => events.filter((event) => event.type === type) as never,
  };
}
