import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLong } from '../../../../fixtures/long.js';
import { kl } from './kl.js';
import { scales } from './support/scale.js';
import { topKKl } from './top-k-kl.js';
import { coinDivergence } from './support/float64.js';

const student = [0, 1, 5, 2];
const teacher = [1, 4, -3, 3];
const x = (kept: readonly number[] = teacher) => ({ student: tf.tensor2d([student]), teacher: tf.tensor2d([[...kept]]), temperature: 2 });

test('top-k-kl keeps the laws of a loss', () => {
  const options = fc.record({
    k: fc.integer({ min: 1, max: 6 }),
    rest: fc.constantFrom('bucket', 'ignore'),
    scale: fc.constantFrom(...scales),
  });
  checkLoss(topKKl, { options, zeroWhenEqual: true, shiftInvariant: true, runs: isLong ? 25 : 10 });
});

test.each(['bucket', 'ignore'] as const)('top-k-kl with every class kept is kl (rest: %s)', (rest) => {
  tf.tidy(() => {
    const want = kl()(x()).dataSync()[0] as number;
    for (const k of [4, 100]) expect(topKKl({ k, rest })(x()).dataSync()[0]).toBeCloseTo(want, 5);
  });
});

test('the other classes are one more class, or are ignored', () => {
  tf.tidy(() => {
    const grouped = (logits: readonly number[]): number[] => [
      logits[1] as number,
      logits[3] as number,
      2 * Math.log(Math.exp((logits[0] as number) / 2) + Math.exp((logits[2] as number) / 2)),
    ];
    const bucket = kl()({ student: tf.tensor2d([grouped(student)]), teacher: tf.tensor2d([grouped(teacher)]), temperature: 2 });
    expect(topKKl({ k: 2 })(x()).dataSync()[0]).toBeCloseTo(bucket.dataSync()[0] as number, 5);
    const ignored = kl()({ student: tf.tensor2d([[1, 2]]), teacher: tf.tensor2d([[4, 3]]), temperature: 2 });
    expect(topKKl({ k: 2, rest: 'ignore' })(x()).dataSync()[0]).toBeCloseTo(ignored.dataSync()[0] as number, 5);
  });
});

test('dropped logits of −Infinity give finite gradients towards the kept classes', () => {
  tf.tidy(() => {
    const cut = x([-Infinity, 4, -Infinity, 3]);
    const wanted = x([-1e6, 4, -1e6, 3]);
    expect(topKKl({ k: 2 })(cut).dataSync()[0]).toBeCloseTo(kl()(wanted).dataSync()[0] as number, 4);
    const gradients = tf.grads((z, temperature) => topKKl({ k: 2 })({ ...cut, student: z, temperature: temperature }))([
      cut.student,
      tf.scalar(2),
    ]);
    const wantedGradients = tf.grads((z, temperature) => kl()({ ...wanted, student: z, temperature: temperature }))([
      cut.student,
      tf.scalar(2),
    ]);
    gradients.forEach((gradient, i) => {
      const want = Array.from((wantedGradients[i] as tf.Tensor).dataSync());
      Array.from(gradient.dataSync()).forEach((value, j) => {
        expect(value).toBeCloseTo(want[j] as number, 4);
      });
    });
  });
});

test('the student is free outside of the kept classes when fewer than k are kept', () => {
  tf.tidy(() => {
    const cut = x([-Infinity, 4, -Infinity, 3]);
    for (const rest of ['bucket', 'ignore'] as const) {
      const of = (k: number) =>
        Array.from(
          tf
            .grad((z) => topKKl({ k, rest })({ ...cut, student: z }))(cut.student)
            .dataSync(),
        );
      expect(of(3)).toEqual(of(2));
    }
    const free = tf
      .grad((z) => topKKl({ k: 4, rest: 'ignore' })({ ...cut, student: z }))(cut.student)
      .dataSync();
    expect([free[0], free[2]]).toEqual([0, 0]);
  });
});

test.each([1, 20, 1000])('top-k-kl stays accurate for a student near its teacher at temperature %d', (temperature) => {
  tf.tidy(() => {
    const x = [1.7, 0.3, -1.1, 0.9, -0.4].map(Math.fround);
    const y = x.map((one, i) => Math.fround(one + 0.01 * Math.sin(7.3 * i + 1)));
    const got = topKKl({ k: 1, scale: 'none' })({
      student: tf.tensor2d([y]),
      teacher: tf.tensor2d([x]),
      temperature,
    }).dataSync()[0] as number;
    expect(got / coinDivergence(x, y, temperature)).toBeCloseTo(1, 5);
  });
});
