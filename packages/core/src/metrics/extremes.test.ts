import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { isLong } from '../../../../fixtures/long.js';
import { expectNoLeakedTensors } from '@temper/testing';
import { deviations, measure, reference } from './fixtures.js';
import { accuracy } from './accuracy.js';
import { createMetrics } from './collector.js';
import { defaultMetrics } from './index.js';
import { topK } from './top-k.js';
import { createRunningSums } from './running-sums.js';

describe('extreme logits', () => {
  test('logits of ±10,000 give metrics that are finite and exact in float32', async () => {
    const given = {
      student: [
        [1e4, -1e4, 0],
        [-1e4, 1e4, 9999],
        [0, 0.5, 1e4],
      ],
      teacher: [
        [-1e4, 1e4, 0],
        [-1e4, 1e4, 9999],
        [1e4, 0, 0.5],
      ],
      labels: [0, 1, 0],
    };
    expect(deviations(await measure(given), reference(given))).toEqual([]);
  });
  test('a class with a logit of −∞ does not change the metrics of the others', async () => {
    const { nll, kl, accuracy } = await measure({ student: [[0, -Infinity, 0]], teacher: [[0, -Infinity, 0]], labels: [0] });
    expect(accuracy).toBe(1);
    expect(nll).toBeCloseTo(Math.log(2), 6);
    expect(kl).toBe(0);
  });
  test.each([Number.NaN, Infinity])('a logit of %d gives NaN metrics', async (bad) => {
    const good = [
      [1, 2, 3],
      [3, 2, 1],
    ];
    const spoilt = await measure(
      {
        student: [
          [1, bad, 3],
          [3, 2, 1],
        ],
        teacher: good,
        labels: [2, 0],
      },
      { metrics: [...defaultMetrics(), topK({ k: 2 })] },
    );
    for (const value of Object.values(spoilt)) expect(value).toBeNaN();
    const { accuracy, agreement, kl } = await measure({
      student: good,
      teacher: [
        [bad, 1, 2],
        [3, 2, 1],
      ],
      labels: [2, 0],
    });
    expect([accuracy, agreement, kl]).toEqual([1, Number.NaN, Number.NaN]);
  });
  test('equal logits count as one guess in top-k', async () => {
    const student = [0, 1, 2, 3].map(() => [5, 5, 5, 5]);
    const measured = await measure({ student, labels: [0, 1, 2, 3] }, { metrics: [accuracy(), topK({ k: 2 })] });
    expect(measured).toEqual({ accuracy: 0.25, top2: 0.5 });
  });
  test('a confidence on the edge of two bins counts in the lower bin', async () => {
    // 1/3 = 5/15 closes bin 4; were it in bin 5, the gaps of the two confidences would not cancel.
    const { ece } = await measure({
      student: [
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
        [100, 0, 0],
      ],
      labels: [0, 1, 2, 0],
    });
    expect(ece).toBeCloseTo(0, 6);
  });
});

describe('many samples', () => {
  test('sums over very many samples in uneven batches stay accurate', async () => {
    const batch = Array.from({ length: 999 }, (_, i) => [Math.sin(i), Math.cos(3 * i), Math.sin(7 * i)].map(Math.fround));
    const labels = batch.map((_, i) => i % 3);
    const want = reference({ student: batch, labels });
    const metrics = createMetrics({ classes: 3 });
    const [student, target] = [tf.tensor2d(batch), tf.tensor1d(labels, 'int32')];
    const first = { student: tf.slice(student, 0, 400), labels: tf.slice(target, 0, 400) };
    const second = { student: tf.slice(student, 400), labels: tf.slice(target, 400) };
    // A million samples in the long form.
    for (let i = 0; i < (isLong ? 1002 : 252); i++) {
      metrics.update(first);
      metrics.update(second);
    }
    expect(deviations(await metrics.result(), want, { rel: 1e-6, abs: 1e-7 })).toEqual([]);
    metrics.dispose();
    tf.dispose([student, target, first, second]);
  });
  test('counts stay exact above the integers of float32', async () => {
    const sums = createRunningSums();
    const value = tf.tensor1d([2 ** 22 + 1, 0.1]);
    for (let i = 0; i < 1000; i++) sums.add(value);
    const [count, tenths] = (await sums.read()) as Float64Array;
    expect(count).toBe(1000 * (2 ** 22 + 1));
    expect(tenths).toBeCloseTo(1000 * Math.fround(0.1), 8);
    sums.dispose();
    value.dispose();
  });
  test('the number of live tensors is the same after every batch', async () => {
    const metrics = createMetrics({ classes: 3 });
    const batch = { student: tf.tensor2d([[1, 2, 3]]), labels: tf.tensor1d([2], 'int32') };
    const live = Array.from({ length: 50 }, () => {
      tf.tidy(() => metrics.update(batch));
      return tf.memory().numTensors;
    });
    expect(new Set(live).size).toBe(1);
    tf.dispose(batch);
    metrics.dispose();
  });
});

describe('results', () => {
  const update = (metrics: ReturnType<typeof createMetrics>, right: boolean) =>
    tf.tidy(() => metrics.update({ student: tf.tensor2d([[0, right ? 1 : -1]]), labels: tf.tensor1d([1], 'int32') }));
  test('a result may be requested in between, twice at once and after a reset', () =>
    expectNoLeakedTensors(async () => {
      const metrics = createMetrics({ classes: 2 });
      update(metrics, true);
      const [one, same] = await Promise.all([metrics.result(), metrics.result()]);
      expect(one).toEqual(same);
      expect(one.accuracy).toBe(1);
      update(metrics, false);
      expect((await metrics.result()).accuracy).toBe(0.5);
      metrics.reset();
      update(metrics, false);
      expect((await metrics.result()).accuracy).toBe(0);
      metrics.dispose();
      metrics.dispose();
    }));
  test('metrics of no samples are NaN, not 0', async () => {
    const metrics = createMetrics({ classes: 2 });
    expect(await metrics.result()).toEqual({ accuracy: Number.NaN, nll: Number.NaN, brier: Number.NaN, ece: Number.NaN });
  });
  test('agreement is the mean over the batches that have a teacher', async () => {
    const metrics = createMetrics({ classes: 2 });
    update(metrics, true);
    tf.tidy(() => metrics.update({ student: tf.tensor2d([[0, 1]]), teacher: tf.tensor2d([[0, 3]]), labels: tf.tensor1d([0], 'int32') }));
    const { agreement, accuracy } = await metrics.result();
    expect([agreement, accuracy]).toEqual([1, 0.5]);
    metrics.dispose();
  });
});

describe('bad inputs', () => {
  test.each([
    [{ classes: 0 }, 'metrics.classes: must be a whole number at least 1, got 0'],
    [{ classes: 2.5 }, 'metrics.classes'],
    [{ classes: 3, metrics: [accuracy(), accuracy()] }, 'metrics[1]: "accuracy" is already the name of metrics[0]'],
  ])('options %o are refused', (options, message) => {
    expect(() => createMetrics(options)).toThrow(message);
  });
  const zeros = (shape: number[], dtype: 'float32' | 'int32' = 'float32') => tf.zeros(shape, dtype);
  test.each([
    ['student logits: must have shape [..., 3], got [4, 5]', { student: [4, 5], labels: [4] }],
    ['student logits: must have shape [..., 3], got [3]', { student: [3], labels: [] }],
    ['labels: must have shape [4], got [5]', { student: [4, 3], labels: [5] }],
    ['teacher logits: must have shape [4, 3], got [4, 2]', { student: [4, 3], teacher: [4, 2], labels: [4] }],
    ['mask: must have shape [2, 2], got [4]', { student: [2, 2, 3], labels: [2, 2], mask: [4] }],
  ] as [string, { student: number[]; teacher?: number[]; labels: number[]; mask?: number[] }][])(
    'inputs are refused with the message "%s"',
    (message, shapes) => {
      const metrics = createMetrics({ classes: 3 });
      tf.tidy(() => {
        const { student, teacher, labels, mask } = shapes;
        const batch = {
          student: zeros(student),
          labels: zeros(labels, 'int32'),
          ...(teacher === undefined ? {} : { teacher: zeros(teacher) }),
          ...(mask === undefined ? {} : { mask: zeros(mask) }),
        };
        expect(() => metrics.update(batch)).toThrow(message);
      });
    },
  );
  test.each([3, -1])('a label of %d is refused for three classes', async (label) => {
    const metrics = createMetrics({ classes: 3 });
    tf.tidy(() => metrics.update({ student: zeros([2, 3]), labels: tf.tensor1d([label, 0], 'int32') }));
    await expect(metrics.result()).rejects.toThrow(
      'labels: must be from 0 to 2, or -100 for samples that are not counted; 1 labels ' + 'are outside',
    );
    metrics.dispose();
  });
});
