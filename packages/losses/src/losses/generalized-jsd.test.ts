import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/core/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { generalizedJsd } from './generalized-jsd.js';
import { kl } from './kl.js';
import { scales } from './support/scale.js';

const beta = fc.oneof(fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.constantFrom(0, 0.5, 1));

test('keeps the laws of a loss', () => {
  checkLoss(generalizedJsd, { options: fc.record({ beta, scale: fc.constantFrom(...scales) }), zeroWhenEqual: true, shiftInvariant: true });
});

test('its ends are the two directions of kl', () => {
  tf.tidy(() => {
    const x = { student: tf.tensor2d([[0, 1, 5]]), teacher: tf.tensor2d([[1, 2, -3]]), temperature: 3 };
    expect(generalizedJsd({ beta: 0 })(x).arraySync()).toEqual(kl({ scale: 'none' })(x).arraySync());
    expect(generalizedJsd({ beta: 1 })(x).arraySync()).toEqual(kl({ scale: 'none', direction: 'reverse' })(x).arraySync());
  });
});

test('never exceeds log 2, however far apart the two are', () => {
  tf.tidy(() => {
    const x = { student: tf.tensor2d([[1e4, -1e4]]), teacher: tf.tensor2d([[-1e4, 1e4]]), temperature: 0.05 };
    expect(generalizedJsd({ beta: 0.5 })(x).dataSync()[0]).toBeCloseTo(Math.LN2, 6);
  });
});

test('a mixture that float32 cannot tell from one of its parts is refused', () => {
  expect(() => generalizedJsd({ beta: 1e-9 })).toThrow('generalized-jsd.beta: must be 0, 1, or from 0.001 to 0.999');
});
