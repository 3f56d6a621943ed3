import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss, expectNoLeakedTensors } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { consistency } from './consistency.js';
import { logSoftmax } from './support/float64.js';
import { scales } from './support/scale.js';

test('consistency keeps the laws of a loss', () => {
  const options = fc.record({ threshold: fc.double({ min: 0, max: 1, noNaN: true }), scale: fc.constantFrom(...scales) });
  checkLoss(consistency, { options, zeroWhenEqual: true, shiftInvariant: true });
});

test('consistency counts samples with a confident teacher, whatever their labels', () => {
  tf.tidy(() => {
    const x = {
      student: tf.tensor2d([
        [0, 1],
        [0, 1],
      ]),
      teacher: tf.tensor2d([
        [3, 0],
        [0.5, 0],
      ]),
      labels: tf.tensor1d([-100, 1], 'int32'),
    };
    const [all, sure] = [consistency(), consistency({ threshold: 0.8 })].map((loss) => loss(x).arraySync() as number[]) as [
      number[],
      number[],
    ];
    expect(sure).toEqual([all[0], 0]);
    const difference = 1 / (1 + Math.exp(-3)) - 1 / (1 + Math.exp(1));
    expect(all[0]).toBeCloseTo(difference ** 2, 6);
  });
});

test.each([
  [1, 1],
  [1, 0.001],
  [1000, 1],
])('consistency is exact to 1e-5 at temperature %d and distance %d', async (temperature, difference) => {
  await expectNoLeakedTensors(() =>
    tf.tidy(() => {
      const x = Array.from({ length: 7 }, (_, i) => Math.fround(Math.sin(7.3 * i)));
      const y = x.map((one, i) => Math.fround(one + difference * Math.sin(7.3 * i + 0.9)));
      const [p, q] = [x, y].map((logits) => logSoftmax(logits, temperature).map(Math.exp)) as [number[], number[]];
      const d = q.map((one, i) => one - (p[i] as number));
      const mean = d.reduce((sum, one, i) => sum + one * (q[i] as number), 0);
      const value = d.reduce((sum, one) => sum + one ** 2, 0) / 7;
      const gradient = d.map((one, i) => ((2 / 7) * (q[i] as number) * (one - mean)) / temperature);

      const loss = (z: tf.Tensor): tf.Tensor => consistency()({ student: z, teacher: tf.tensor2d([x]), temperature });
      const student = tf.tensor2d([y]);
      expect(Math.abs((loss(student).dataSync()[0] as number) - value) / value).toBeLessThan(1e-5);
      const largest = Math.max(...gradient.map(Math.abs));
      tf.grad(loss)(student)
        .dataSync()
        .forEach((got, i) => expect(Math.abs(got - (gradient[i] as number)) / largest).toBeLessThan(1e-5));
    }),
  );
});
