import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLong } from '../../../../fixtures/long.js';
import { generalizedJsd } from './generalized-jsd.js';
import { kl } from './kl.js';
import { logSoftmax } from './support/float64.js';
import { scales } from './support/scale.js';

const beta = fc.oneof(fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.constantFrom(0, 0.5, 1));

test('generalized-jsd keeps the laws of a loss', () => {
  checkLoss(generalizedJsd, {
    options: fc.record({ beta, scale: fc.constantFrom(...scales) }),
    zeroWhenEqual: true,
    shiftInvariant: true,
    runs: isLong ? 25 : 10,
  });
});

test('the ends of generalized-jsd are the two directions of kl', () => {
  tf.tidy(() => {
    const x = { student: tf.tensor2d([[0, 1, 5]]), teacher: tf.tensor2d([[1, 2, -3]]), temperature: 3 };
    expect(generalizedJsd({ beta: 0 })(x).arraySync()).toEqual(kl({ scale: 'none' })(x).arraySync());
    expect(generalizedJsd({ beta: 1 })(x).arraySync()).toEqual(kl({ scale: 'none', direction: 'reverse' })(x).arraySync());
  });
});

test('generalized-jsd never exceeds log 2 for any distance', () => {
  tf.tidy(() => {
    const x = { student: tf.tensor2d([[1e4, -1e4]]), teacher: tf.tensor2d([[-1e4, 1e4]]), temperature: 0.05 };
    expect(generalizedJsd({ beta: 0.5 })(x).dataSync()[0]).toBeCloseTo(Math.LN2, 6);
  });
});

test('a mixture that float32 cannot distinguish from a part is refused', () => {
  expect(() => generalizedJsd({ beta: 1e-9 })).toThrow('generalized-jsd.beta: must be 0, 1, or from 0.001 to 0.999');
});

/** β KL(p ‖ m) + (1 − β) KL(q ‖ m) in float64, of differences d = log(q/p): no term is below 0. */
function closedForm(x: readonly number[], y: readonly number[], temperature: number, beta: number): number {
  const [p, q] = [logSoftmax(x, temperature), logSoftmax(y, temperature)];
  const term = (log: number, ratio: number): number => Math.exp(log) * (ratio + Math.expm1(-ratio));
  return p.reduce((total, one, i) => {
    const d = (q[i] as number) - one;
    const [u, v] = [-Math.log1p((1 - beta) * Math.expm1(d)), -Math.log1p(beta * Math.expm1(-d))];
    return total + beta * term(one, u) + (1 - beta) * term(q[i] as number, v);
  }, 0);
}

test.each([
  [0.5, 1, 1],
  [0.5, 1000, 1],
  [0.1, 1000, 1],
  [0.9, 20, 0.01],
  [0.5, 4, 0.01],
])('generalized-jsd is exact to 1e-5: beta %d, temperature %d, distance %d', (beta, temperature, difference) => {
  tf.tidy(() => {
    const x = Array.from({ length: 7 }, (_, i) => Math.fround(Math.sin(7.3 * i)));
    const y = x.map((one, i) => Math.fround(one + difference * Math.sin(7.3 * i + 0.9)));
    const want = closedForm(x, y, temperature, beta);
    const [got] = generalizedJsd({ beta })({ student: tf.tensor2d([y]), teacher: tf.tensor2d([x]), temperature }).dataSync();
    expect(Math.abs((got as number) - want) / want).toBeLessThan(1e-5);
  });
});
