import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kl } from './kl.js';
import { skewKl } from './skew-kl.js';
import { scales } from './support/scale.js';

const skew = fc.oneof(fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.constantFrom(0, 0.1));
const direction = fc.constantFrom('forward', 'reverse');

test('skew-kl keeps the laws of a loss', () => {
  checkLoss(skewKl, {
    options: fc.record({ skew, direction, scale: fc.constantFrom(...scales) }),
    zeroWhenEqual: true,
    shiftInvariant: true,
  });
});

test('skew-kl without a skew is kl, and never exceeds −log of its skew', () => {
  tf.tidy(() => {
    const x = { student: tf.tensor2d([[0, 1, 5]]), teacher: tf.tensor2d([[1, 2, -3]]), temperature: 3 };
    for (const direction of ['forward', 'reverse'] as const)
      expect(skewKl({ skew: 0, direction })(x).arraySync()).toEqual(kl({ scale: 'none', direction })(x).arraySync());
    const far = { student: tf.tensor2d([[1e4, -1e4]]), teacher: tf.tensor2d([[-1e4, 1e4]]), temperature: 0.05 };
    expect(skewKl({ skew: 0.25 })(far).dataSync()[0]).toBeCloseTo(Math.log(4), 5);
  });
});

test('a skew that float32 cannot distinguish from 0 is refused', () => {
  expect(() => skewKl({ skew: 1e-9 })).toThrow('skew-kl.skew: must be 0, or from 0.001 to 0.999');
});
