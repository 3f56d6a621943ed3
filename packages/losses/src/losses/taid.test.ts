import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import type { LossInputs } from '@temper/core';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kl } from './kl.js';
import { temperaturesOf } from './support/temperature.js';
import { taid } from './taid.js';

const share = fc.constantFrom(0, 0.4, 1);

test('taid keeps the laws of a loss, with the student in its target as a constant', () => {
  checkLoss(taid, {
    options: fc.record({ share }),
    zeroWhenEqual: true,
    shiftInvariant: true,
    holding: ({ share }, x, around) => {
      const soft = (one: LossInputs): tf.Tensor => tf.div(one.student, temperaturesOf(one).student);
      const hot = tf.div(x.teacher as tf.Tensor, temperaturesOf(x).teacher);
      const target = tf.logSoftmax(tf.add(tf.mul(soft(around), 1 - share), tf.mul(hot, share)));
      return tf.sum(tf.mul(tf.exp(target), tf.sub(target, tf.logSoftmax(soft(x)))), -1);
    },
  });
});

test('taid is 0 at share 0 and kl at share 1, and follows its share', () => {
  tf.tidy(() => {
    const x = { student: tf.tensor2d([[0, 1, 5]]), teacher: tf.tensor2d([[1, 2, -3]]), temperature: 2 };
    expect(taid({ share: 0 })(x).dataSync()[0]).toBe(0);
    expect(taid({ share: 1 })(x).dataSync()[0]).toBeCloseTo(kl({ scale: 'none' })(x).dataSync()[0] as number, 6);
    expect([0, 5, 10].map((step) => taid().scalars?.({ step, total: 11 })['share'])).toEqual([0.4, 0.7, 1]);
  });
});

test('taid refuses a share outside of 0 to 1', () => {
  expect(() => taid({ share: 1.5 })).toThrow('share');
});
