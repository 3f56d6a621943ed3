import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kl } from './kl.js';
import { softCrossEntropy } from './soft-cross-entropy.js';
import { scales } from './support/scale.js';

test('soft-cross-entropy keeps the laws of a loss', () => {
  checkLoss(softCrossEntropy, { options: fc.record({ scale: fc.constantFrom(...scales) }), shiftInvariant: true });
});

test('soft-cross-entropy has the gradient of kl at the same scale', () => {
  tf.tidy(() => {
    const teacher = tf.tensor2d([[1, 2, -3]]);
    const gradients = [softCrossEntropy(), kl({ scale: 'none' })].map((loss) =>
      tf
        .grad((student) => loss({ student, teacher, temperature: 3 }))(tf.tensor2d([[0, 1, 0]]))
        .arraySync(),
    );
    expect(gradients[0]).toEqual(gradients[1]);
  });
});
