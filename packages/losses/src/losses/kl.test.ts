import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss, expectNoLeakedTensors } from '@temper/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kl } from './kl.js';
import { divergenceOfLogs, logSoftmax } from './support/float64.js';
import { scales } from './support/scale.js';

const student = [
  [1, -2, 0.5],
  [0, 3, -1],
];
const teacher = [
  [2, 0, -1],
  [0.5, 2, 1],
];
const logits = (): { student: tf.Tensor; teacher: tf.Tensor } => ({ student: tf.tensor2d(student), teacher: tf.tensor2d(teacher) });

test('kl keeps the laws of a loss', () => {
  checkLoss(kl, {
    options: fc.record({ direction: fc.constantFrom('forward', 'reverse'), scale: fc.constantFrom(...scales) }),
    zeroWhenEqual: true,
    shiftInvariant: true,
  });
});

test('the reverse direction is kl with exchanged sides', async () => {
  await expectNoLeakedTensors(() =>
    tf.tidy(() => {
      const { student: one, teacher: other } = logits();
      const forward = kl()({ student: one, teacher: other, temperature: 2 }).arraySync();
      expect(kl({ direction: 'reverse' })({ student: other, teacher: one, temperature: 2 }).arraySync()).toEqual(forward);
    }),
  );
});

test('temperature-squared scales each sample by its temperatures', () => {
  tf.tidy(() => {
    const temperature = tf.tensor2d([[2], [5]]);
    const [scaled, plain] = (['temperature-squared', 'none'] as const).map(
      (scale) => kl({ scale })({ ...logits(), temperature }).arraySync() as number[],
    ) as [number[], number[]];
    expect(scaled.map((value, i) => value / (plain[i] as number))).toEqual([expect.closeTo(4, 4), expect.closeTo(25, 4)]);
    const sides = { student: tf.scalar(2), teacher: tf.scalar(3) };
    const [product, one] = (['temperature-squared', 'none'] as const).map(
      (scale) => kl({ scale })({ ...logits(), temperature: sides }).arraySync() as number[],
    ) as [number[], number[]];
    expect(product[0]).toBeCloseTo(6 * (one[0] as number), 4);
  });
});

test('the gradient of kl can be computed inside of another gradient', async () => {
  await expectNoLeakedTensors(() =>
    tf.tidy(() => {
      const { student: start, teacher: constant } = logits();
      const scale = tf.variable(tf.scalar(1.5));
      const temperature = tf.scalar(2);
      const mean = (z: tf.Tensor): tf.Tensor => tf.mean(kl()({ student: z, teacher: constant, temperature }));
      let inner: tf.Tensor | undefined;
      const { grads } = tf.variableGrads(() => {
        const z = tf.mul(start, scale);
        inner = tf.keep(tf.grad(mean)(z));
        return mean(z) as tf.Scalar;
      }, [scale]);
      const alone = tf.grad(mean)(tf.mul(start, scale));
      expect((inner as tf.Tensor).arraySync()).toEqual(alone.arraySync());
      expect((grads[scale.name] as tf.Tensor).dataSync()[0]).toBeCloseTo(tf.sum(tf.mul(alone, start)).dataSync()[0] as number, 5);
      tf.dispose([inner, scale]);
    }),
  );
});

/** Value per row without a scale, and its gradient for y, in float64. */
function closedForm(x: readonly number[], y: readonly number[], temperature: number): { value: number; gradient: number[] } {
  const [p, q] = [logSoftmax(x, temperature), logSoftmax(y, temperature)];
  return { value: divergenceOfLogs(p, q), gradient: p.map((one, i) => (Math.exp(one) * Math.expm1((q[i] as number) - one)) / temperature) };
}

/** Numbers that look random, as multiples of what float32 holds. */
const waves = (phase: number): number[] => Array.from({ length: 7 }, (_, i) => Math.sin(7.3 * i + phase));

describe.each([0.5, 4, 20, 1000])('accuracy at temperature %d', (temperature) => {
  test.each([
    ['with other logits', 1, 0],
    ['near the teacher', 0.01, 0],
    ['very near the teacher', 0.0005, 0],
    ['with logits of 10,000, which round when divided by T', 1, 1e4],
  ])('kl is exact to 1e-5 in value and gradient for a student %s', async (_, difference, level) => {
    await expectNoLeakedTensors(() =>
      tf.tidy(() => {
        const x = waves(0).map((one) => Math.fround(level + one));
        const y = x.map((one, i) => Math.fround(one + difference * (waves(0.9)[i] as number)));
        const target = tf.tensor2d([x]);
        const loss = (z: tf.Tensor): tf.Tensor => kl({ scale: 'none' })({ student: z, teacher: target, temperature });
        const want = closedForm(x, y, temperature);
        expect(Math.abs((loss(tf.tensor2d([y])).dataSync()[0] as number) - want.value) / want.value).toBeLessThan(1e-5);
        const largest = Math.max(...want.gradient.map(Math.abs));
        tf.grad(loss)(tf.tensor2d([y]))
          .dataSync()
          .forEach((got, i) => expect(Math.abs(got - (want.gradient[i] as number)) / largest).toBeLessThan(1e-5));
      }),
    );
  });
});

test('kl stays accurate for networks that are nearly sure of one class', () => {
  tf.tidy(() => {
    const [x, y] = [
      [0, 30, 10],
      [1, 30, 9],
    ] as [number[], number[]];
    const want = closedForm(x, y, 1);
    const loss = (z: tf.Tensor): tf.Tensor => kl()({ student: z, teacher: tf.tensor2d([x]), temperature: 1 });
    expect((loss(tf.tensor2d([y])).dataSync()[0] as number) / want.value).toBeCloseTo(1, 5);
    const got = tf
      .grad(loss)(tf.tensor2d([y]))
      .dataSync();
    want.gradient.forEach((one, i) => expect((got[i] as number) / one).toBeCloseTo(1, 4));
  });
});
