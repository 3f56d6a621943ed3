import * as tf from '@tensorflow/tfjs-node';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { LogitsFunction } from '../contracts/network.js';
import { expectNoLeakedTensors } from '@temper/testing';
import { networkOf } from './networks.js';
import { givesLogits } from './gives-logits.js';
import { fromProbabilities } from './probabilities.js';

const linear =
  (classes: number, seed: number): LogitsFunction =>
  (inputs) =>
    tf.matMul(inputs as tf.Tensor2D, tf.randomNormal([4, classes], 0, 2, 'float32', seed));
const after =
  (body: LogitsFunction, then: (x: tf.Tensor) => tf.Tensor): LogitsFunction =>
  (inputs, options) =>
    then(body(inputs, options));
const samples = (seed = 1, size = 16): tf.Tensor2D => tf.randomUniform([size, 4], 0, 1, 'float32', seed);

/** What is said of a function's outputs, without a tensor left behind. */
async function judged(of: LogitsFunction, mayTakeLog = false, inputs = samples()): Promise<string | undefined> {
  try {
    return await expectNoLeakedTensors(async () => {
      const { notice } = await givesLogits(networkOf(of, 'teacher'), inputs, 'teacher', mayTakeLog);
      return notice;
    });
  } catch (error) {
    return (error as Error).message;
  } finally {
    inputs.dispose();
  }
}

describe('outputs that are not logits', () => {
  test('probabilities are refused with a remedy', async () => {
    const message = await judged(after(linear(3, 1), (x) => tf.softmax(x)));
    expect(message).toMatch(/^teacher: gives probabilities, not logits: for 16 training samples every row is at least 0 and sums to 1/);
    expect(message).toContain('fromProbabilities(network)');
  });

  test('probabilities of 0 and 1 and in half precision are refused', async () => {
    const hard = after(linear(3, 1), (x) => tf.oneHot(tf.argMax(x, -1), 3, 1, 0, 'float32'));
    expect(await judged(hard)).toContain('gives probabilities');
    const rounded = after(linear(3, 1), (x) => tf.div(tf.round(tf.mul(tf.softmax(x), 2048)), 2048));
    expect(await judged(rounded)).toContain('gives probabilities');
  });

  test('sigmoids are refused with a remedy', async () => {
    expect(await judged(after(linear(2, 1), (x) => tf.sigmoid(x)))).toMatch(
      /^teacher: gives numbers between 0 and 1 .* these are sigmoids, not logits\n.*log\(p \/ \(1 − p\)\)/,
    );
  });

  test('probabilities of positions are refused', async () => {
    const positions: LogitsFunction = (inputs) =>
      tf.softmax(tf.reshape(tf.matMul(inputs as tf.Tensor2D, tf.randomNormal([4, 6], 0, 1, 'float32', 1)), [-1, 2, 3]));
    expect(await judged(positions)).toContain('gives probabilities');
  });

  test('a loaded teacher of probabilities gives their logarithm as logits', async () => {
    const inputs = samples();
    const network = networkOf(
      after(linear(3, 1), (x) => tf.softmax(x)),
      'teacher',
    );
    const { logits, notice } = await givesLogits(network, inputs, 'teacher.from', true);
    expect(notice).toBe('teacher.from: gives probabilities; their logarithm is used as logits');
    for (const T of [0.5, 1, 7]) {
      const at = (x: LogitsFunction) => [...tf.softmax(tf.div(x(inputs, { training: false }), T)).dataSync()];
      const wanted = at(linear(3, 1));
      at(logits.logits).forEach((value, i) => expect(value).toBeCloseTo(wanted[i] as number, 5));
    }
  });
});

describe('outputs that are logits', () => {
  test.prop([fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 2, max: 12 })], { numRuns: 60 })(
    'logits of random networks are accepted, also when all are positive',
    async (seed, classes) => {
      expect(await judged(linear(classes, seed), false, samples(seed))).toBeUndefined();
      const positive = after(linear(classes, seed), (x) => tf.div(tf.relu(x), 50));
      expect(await judged(positive, false, samples(seed))).toBeUndefined();
      expect(
        await judged(
          after(linear(classes, seed), (x) => tf.logSoftmax(x)),
          false,
          samples(seed),
        ),
      ).toBeUndefined();
    },
  );

  test('logits of zero networks and of networks for valid inputs only are accepted', async () => {
    expect(await judged((inputs) => tf.zeros([inputs.shape[0], 3]))).toBeUndefined();
    const picky: LogitsFunction = (inputs) => {
      if ((tf.max(inputs).dataSync()[0] as number) > 10) throw new Error('out of range');
      return tf.slice(inputs, [0, 0], [-1, 2]);
    };
    expect(await judged(picky)).toBeUndefined();
  });
});

describe('fromProbabilities', () => {
  test('fromProbabilities gives logarithms that are finite where a probability is 0', () => {
    const logits = fromProbabilities(() => tf.tensor2d([[0, 1]]))(tf.zeros([1, 4]), { training: false });
    expect([...logits.dataSync()]).toEqual([expect.closeTo(-87.3, 1), 0]);
  });

  test('fromProbabilities gives access to the weights of the model', () => {
    const model = sequential({ layers: [layers.dense({ units: 3, inputShape: [4], activation: 'softmax' })] });
    const network = networkOf(fromProbabilities(model), 'student', tf.ones([2, 4]));
    expect(network.parameters.map(({ shape }) => shape)).toEqual([[4, 3], [3]]);
  });
});
