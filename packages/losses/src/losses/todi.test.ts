import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import type { LossInputs, Temperature } from '@temper/core';
import { checkLoss } from '@temper/testing';
import { expect, test } from 'vitest';
import { todi } from './todi.js';

const side = (temperature: LossInputs['temperature'], name: 'student' | 'teacher'): tf.Tensor =>
  'student' in (temperature as Temperature)
    ? (temperature as { student: tf.Tensor; teacher: tf.Tensor })[name]
    : (temperature as tf.Tensor);
const logs = ({ student, teacher, temperature }: LossInputs): { p: tf.Tensor; q: tf.Tensor } => ({
  p: tf.logSoftmax(tf.div(teacher as tf.Tensor, side(temperature, 'teacher'))),
  q: tf.logSoftmax(tf.div(student, side(temperature, 'student'))),
});

test('todi keeps the laws of a loss, with its weights as constants', () => {
  checkLoss(todi, {
    zeroWhenEqual: true,
    shiftInvariant: true,
    holding: (_, x, around) => {
      const [{ p, q }, held] = [logs(x), logs(around)];
      const forward = tf.sigmoid(tf.sub(held.p, held.q));
      const r = tf.sub(p, q);
      return tf.sum(tf.mul(r, tf.sub(tf.mul(forward, tf.exp(p)), tf.mul(tf.sub(1, forward), tf.exp(q)))), -1);
    },
  });
});

test('todi is finite where the two sides are certain of different classes', () => {
  tf.tidy(() => {
    const [student, teacher] = [tf.tensor2d([[1e4, -1e4]]), tf.tensor2d([[-1e4, 1e4]])];
    expect(todi()({ student, teacher, temperature: 1 }).dataSync()[0]).toBeCloseTo(4e4, -1);
  });
});
