import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { TemperError, type LossInputs } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { expect, test } from 'vitest';
import { dkd } from '../dkd.js';
import { kl } from '../kl.js';

function refusal(x: () => LossInputs, loss = dkd()): unknown {
  try {
    tf.tidy(() => loss(x()));
  } catch (error) {
    return error;
  }
  return undefined;
}

test.each<[string, () => LossInputs, string]>([
  ['no teacher', () => ({ student: tf.zeros([2, 3]), labels: tf.zeros([2], 'int32') }), 'needs the logits of a teacher, got none'],
  ['no labels', () => ({ student: tf.zeros([2, 3]), teacher: tf.zeros([2, 3]) }), 'needs labels, got none'],
  [
    'other classes',
    () => ({ student: tf.zeros([2, 100]), teacher: tf.zeros([2, 1000]), labels: tf.zeros([2], 'int32') }),
    'teacher has 1000 classes, student 100; both need the same classes',
  ],
  [
    'other samples, which would broadcast',
    () => ({ student: tf.zeros([2, 3]), teacher: tf.zeros([1, 3]), labels: tf.zeros([2], 'int32') }),
    'teacher logits have the shape [1, 3], student logits [2, 3]; they must be equal',
  ],
  [
    'logits without samples',
    () => ({ student: tf.zeros([3]), teacher: tf.zeros([3]), labels: tf.scalar(0, 'int32') }),
    'student logits must have the shape [..., classes]',
  ],
  [
    'one-hot labels',
    () => ({ student: tf.zeros([2, 3]), teacher: tf.zeros([2, 3]), labels: tf.zeros([2, 3]) }),
    'labels have the shape [2, 3]',
  ],
  [
    'a mask of another shape',
    () => ({ student: tf.zeros([2, 3]), teacher: tf.zeros([2, 3]), labels: tf.zeros([2], 'int32'), mask: tf.zeros([3]) }),
    'mask has the shape [3]',
  ],
  ['one class', () => ({ student: tf.zeros([2, 1]), teacher: tf.zeros([2, 1]), labels: tf.zeros([2], 'int32') }), 'at least 2 classes'],
  [
    'an empty batch',
    () => ({ student: tf.zeros([0, 3]), teacher: tf.zeros([0, 3]), labels: tf.zeros([0], 'int32') }),
    'at least one sample',
  ],
])('%s is refused as a mistake of the user', async (_, x, message) => {
  await expectNoLeakedTensors(() => {
    const error = refusal(x);
    expect(error).toBeInstanceOf(TemperError);
    expect((error as TemperError).message).toContain(message);
    expect((error as TemperError).fault).toBe('user');
  });
});

test.each<[string, unknown, string]>([
  ['0', 0, 'temperature must be a finite number above 0, or a tensor, got 0'],
  ['a negative number', -2, 'temperature must be a finite number above 0, or a tensor, got -2'],
  ['NaN', NaN, 'temperature must be a finite number above 0, or a tensor, got NaN'],
  ['infinity', Infinity, 'temperature must be a finite number above 0, or a tensor, got Infinity'],
  ['text', 'warm', 'temperature must be a finite number above 0, or a tensor, got warm'],
  ['nothing', null, 'temperature must be a finite number above 0, or a tensor, got null'],
  ['half a pair', { student: 2 }, 'temperature must be a finite number above 0, or a tensor, got undefined'],
])('a temperature that is %s is refused', (_, temperature, message) => {
  const error = refusal(() => ({ student: tf.zeros([2, 3]), teacher: tf.zeros([2, 3]), temperature: temperature as number }), kl());
  expect((error as TemperError).message).toContain(message);
});

test.each([[[3, 1]], [[2]], [[3]], [[3, 3]], [[1, 2, 1]]])(
  'a temperature of shape %j, which would broadcast against classes, is refused',
  (shape) => {
    const error = refusal(() => ({ student: tf.zeros([2, 3]), teacher: tf.zeros([2, 3]), temperature: tf.ones(shape) }), kl());
    expect((error as TemperError).message).toContain(
      `temperature: has the shape [${shape.join(', ')}]; with logits [2, 3] it must be a scalar, [2, 1], [1, 3] or [2, 3]`,
    );
  },
);

test('a temperature for each sample also fits tokens', () => {
  tf.tidy(() => {
    const [student, teacher] = [tf.randomNormal([2, 4, 3], 0, 1, 'float32', 1), tf.randomNormal([2, 4, 3], 0, 1, 'float32', 2)];
    const perSample = kl()({ student, teacher, temperature: tf.tensor2d([[2], [3]]) }).arraySync() as number[][];
    [2, 3].forEach((temperature, i) => {
      expect(perSample[i]).toEqual((kl()({ student, teacher, temperature }).arraySync() as number[][])[i]);
    });
    expect(kl()({ student, teacher, temperature: tf.fill([2, 4, 1], 2) }).arraySync()).toEqual(
      kl()({ student, teacher, temperature: 2 }).arraySync(),
    );
  });
});
