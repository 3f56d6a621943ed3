import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import type { LossInputs } from '@temper/core';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normals, onLayers, pair, valueAndGradient } from '../testing/layers.js';
import { correlationCongruence } from './correlation-congruence.js';
import { project } from './support/projection.js';
import { toSameSize } from './support/taps.js';

/** The loss with the signs of the differences as at `around`: an absolute value bends where a step crosses 0. */
function holding(_: typeof pair, x: LossInputs, around: LossInputs): tf.Tensor {
  const differences = ({ taps, variables, student: logits }: LossInputs): tf.Tensor => {
    const layers = { student: taps?.student['s'] as tf.Tensor, teacher: taps?.teacher['t'] as tf.Tensor };
    const { student, teacher } = toSameSize({ ...layers, student: project(layers, 0, variables) });
    return tf.reshape(tf.sub(student, teacher), [logits.shape[0] as number, -1]);
  };
  const d = tf.mul(differences(x), tf.sign(differences(around)));
  const [rows, width] = d.shape as [number, number];
  return tf.mean(tf.sum(tf.mul(tf.slice(d, [0, 0], [rows - 1, width]), tf.slice(d, [1, 0], [rows - 1, width])), 1));
}

test.each([
  ['of one width', [3], [3], true],
  ['of different widths, through a learned map', [2], [3], false],
  ['of feature maps of different size', [2, 2, 2], [1, 1, 2], false],
])('correlation-congruence keeps the laws of a loss for layers %s', (_, student, teacher, zeroWhenEqual) => {
  const taps = { student: { s: student }, teacher: { t: teacher } };
  checkLoss<typeof pair>(correlationCongruence, { options: fc.constant(pair), taps, zeroWhenEqual, holding, fewestSamples: 2, runs: 8 });
});

const loss = correlationCongruence(pair);

test('neighbours in the batch are compared, so that the order matters', () => {
  const [student, teacher] = [
    [
      [1, 0],
      [2, 0],
      [3, 1],
    ],
    [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
  ];
  expect(valueAndGradient(loss, student, teacher).value).toBe((2 + 6) / 2);
  expect(valueAndGradient(loss, [student[0], student[2], student[1]] as number[][], teacher).value).toBe((3 + 6) / 2);
});

test('neighbours that are not both counted are left out', () => {
  const [student, teacher] = [normals(5, 3, 1), normals(5, 3, 2)];
  const masked = valueAndGradient(loss, student, teacher, { mask: [1, 1, 1, 0, 0] });
  expect(masked.value).toBeCloseTo(valueAndGradient(loss, student.slice(0, 3), teacher.slice(0, 3)).value, 5);
  expect(masked.gradient.slice(9)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(valueAndGradient(loss, student, teacher, { mask: [1, 0, 1, 0, 1] }).value).toBe(0);
});

test('correlation-congruence refuses a batch of one sample, and keeps large features finite', () => {
  tf.tidy(() => {
    expect(() => onLayers(loss, tf.zeros([1, 2]), tf.zeros([1, 2]))).toThrow('compares the samples of a batch and needs at least 2, got 1');
  });
  const large = [
    [1e4, -1e4],
    [-1e4, 1e4],
  ];
  const { value, gradient } = valueAndGradient(loss, large, [
    [-1e4, 1e4],
    [1e4, -1e4],
  ]);
  expect([value, ...gradient].every(Number.isFinite)).toBe(true);
});
