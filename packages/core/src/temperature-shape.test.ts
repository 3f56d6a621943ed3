import * as tf from '@tensorflow/tfjs-node';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { fitTemperature } from './temperature-shape.js';

const shapeOf = (shape: number[], logits: number[]): number[] =>
  tf.tidy(() => (fitTemperature(tf.ones(shape), tf.zeros(logits)) as tf.Tensor).shape);

describe('the shape of a temperature', () => {
  test.each([
    [[], [4, 10], []],
    [
      [4, 1],
      [4, 10],
      [4, 1],
    ],
    [
      [1, 10],
      [4, 10],
      [1, 10],
    ],
    [
      [4, 10],
      [4, 10],
      [4, 10],
    ],
    [
      [1, 1],
      [4, 10],
      [1, 1],
    ],
    [
      [4, 1],
      [4, 7, 10],
      [4, 1, 1],
    ],
    [
      [1, 10],
      [4, 7, 10],
      [1, 1, 10],
    ],
    [
      [4, 10],
      [4, 7, 10],
      [4, 1, 10],
    ],
    [
      [4, 7, 1],
      [4, 7, 10],
      [4, 7, 1],
    ],
    [
      [4, 7, 10],
      [4, 7, 10],
      [4, 7, 10],
    ],
    [
      [1, 7, 1],
      [4, 7, 10],
      [1, 7, 1],
    ],
  ])('a temperature of shape %j for logits %j becomes %j', (shape, logits, fitted) => {
    expect(shapeOf(shape, logits)).toEqual(fitted);
  });

  test.each([
    [[4], [4, 10], 'Keep the reduced dimension, or add a last dimension of 1.'],
    [[10], [4, 10], 'Add a first dimension of 1. One value per class has the shape [1, 10].'],
    [[4], [4, 4], 'One value per class has the shape [1, 4].'],
    [[4, 7], [4, 7, 10], 'Keep the reduced dimension, or add a last dimension of 1.'],
    [[3, 10], [4, 10], 'A value per sample has a last dimension of 1'],
    [[4, 9], [4, 10], 'A value per sample has a last dimension of 1'],
    [[4, 10, 1], [4, 10], 'A value per sample has a last dimension of 1'],
    [[4, 1, 1, 10], [4, 7, 10], 'A value per sample has a last dimension of 1'],
  ])('a temperature of shape %j is refused for logits %j with a remedy', (shape, logits, remedy) => {
    expect(() => shapeOf(shape, logits)).toThrow(`temperature: has the shape [${shape.join(', ')}]; with logits [${logits.join(', ')}]`);
    expect(() => shapeOf(shape, logits)).toThrow(remedy);
  });

  test('a wrong shape is refused with its side and every valid shape', () => {
    tf.tidy(() => {
      const temperature = { student: tf.scalar(1), teacher: tf.ones([3]) };
      expect(() => fitTemperature(temperature, tf.zeros([4, 7, 10]), 'temperature.of[1]')).toThrow(
        'temperature.of[1]: of the teacher has the shape [3]; with logits [4, 7, 10] it must be ' +
          'a scalar, [4, 1], [1, 10], [4, 10], [4, 7, 1] or [4, 7, 10]',
      );
    });
  });

  test.each([[4], [null], [{ student: 4, teacher: 4 }], [[4, 4]]])('%j in place of a tensor is refused', (given) => {
    tf.tidy(() => {
      const logits = tf.zeros([4, 10]);
      expect(() => fitTemperature(given as never, logits)).toThrow(
        'temperature: must be a tensor, or an object with a tensor for the student',
      );
    });
  });

  test('a valid temperature is returned unchanged, and one of both sides stays one', async () => {
    await expectNoLeakedTensors(() =>
      tf.tidy(() => {
        const logits = tf.zeros([4, 7, 10]);
        const [full, short] = [tf.ones([4, 7, 1]), tf.ones([4, 1])];
        expect(fitTemperature(full, logits)).toBe(full);
        const sides = { student: full, teacher: tf.scalar(2) };
        expect(fitTemperature(sides, logits)).toBe(sides);
        const fitted = fitTemperature({ student: short, teacher: short }, logits) as { student: tf.Tensor; teacher: tf.Tensor };
        expect(fitted.student).toBe(fitted.teacher);
      }),
    );
  });
});
