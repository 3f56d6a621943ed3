import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss, expectNoLeakedTensors } from '@temper/core/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kl } from './kl.js';
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

test('keeps the laws of a loss', () => {
  checkLoss(kl, {
    options: fc.record({ direction: fc.constantFrom('forward', 'reverse'), scale: fc.constantFrom(...scales) }),
    zeroWhenEqual: true,
    shiftInvariant: true,
  });
});

test('reverse is the divergence with the sides exchanged', async () => {
  await expectNoLeakedTensors(() =>
    tf.tidy(() => {
      const { student: one, teacher: other } = logits();
      const forward = kl()({ student: one, teacher: other, temperature: 2 }).arraySync();
      expect(kl({ direction: 'reverse' })({ student: other, teacher: one, temperature: 2 }).arraySync()).toEqual(forward);
    }),
  );
});

test('temperature-squared scales every sample by its own temperature, and two sides by their product', () => {
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

test('keeps its digits at high temperature, where T² multiplies every rounding', () => {
  tf.tidy(() => {
    const temperature = 1000;
    const got = kl()({ ...logits(), temperature }).arraySync() as number[];
    got.forEach((value, i) => {
      const want =
        temperature ** 2 *
        divergence(
          (teacher[i] as number[]).map((z) => z / temperature),
          (student[i] as number[]).map((z) => z / temperature),
        );
      expect(Math.abs(value - want) / want).toBeLessThan(2e-3);
    });
  });
});

test('its gradient can be taken inside of another gradient', async () => {
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

/** In double precision. */
function divergence(x: readonly number[], y: readonly number[]): number {
  const logProbabilities = (z: readonly number[]): number[] => {
    const sum = Math.log(z.reduce((total, one) => total + Math.exp(one), 0));
    return z.map((one) => one - sum);
  };
  const [p, q] = [logProbabilities(x), logProbabilities(y)];
  return p.reduce((sum, one, i) => sum + Math.exp(one) * (one - (q[i] as number)), 0);
}
