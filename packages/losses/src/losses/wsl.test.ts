import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import type { LossInputs } from '@temper/core';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLong } from '../../../../fixtures/long.js';
import { crossEntropy } from './cross-entropy.js';
import { softCrossEntropy } from './soft-cross-entropy.js';
import { wsl } from './wsl.js';

const weight = fc.double({ min: 0, max: 4, noNaN: true });
interface Options {
  readonly alpha: number;
  readonly hardWeight: number;
}

/** The definition word by word, the weights taken from `around`. */
function holding({ alpha, hardWeight }: Options, x: LossInputs, around: LossInputs): tf.Tensor {
  const hard = crossEntropy();
  const teacher = hard({ ...around, student: around.teacher as tf.Tensor });
  const weights = tf.sub(1, tf.exp(tf.neg(tf.div(hard(around), tf.add(teacher, 1e-7)))));
  const soft = softCrossEntropy({ scale: 'temperature-squared' })(x);
  return tf.add(tf.mul(hard(x), hardWeight), tf.mul(tf.mul(weights, soft), alpha));
}

test('wsl keeps the laws of a loss, with constant weights', () => {
  checkLoss<Options>(wsl, {
    options: fc.record({ alpha: weight, hardWeight: weight }),
    shiftInvariant: true,
    holding,
    runs: isLong ? 25 : 10,
  });
});

test('a label outside of the classes has no value or gradient', () => {
  tf.tidy(() => {
    const x = {
      student: tf.tensor2d([[0, 1, 5]]),
      teacher: tf.tensor2d([[1, 2, -3]]),
      labels: tf.tensor1d([-100], 'int32'),
      temperature: 2,
    };
    expect(wsl()(x).arraySync()).toEqual([0]);
    expect(
      tf
        .grad((student) => wsl()({ ...x, student }))(x.student)
        .arraySync(),
    ).toEqual([[0, 0, 0]]);
  });
});
