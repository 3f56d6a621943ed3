import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { createKit, type LossInputs, type Temperature } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { losses } from '../../index.js';
import { divergenceOfLogs } from './float64.js';

const kit = createKit({ plugins: [losses] });

/** log softmax(z/T) in float64. */
function logSoftmax(logits: readonly number[], temperatures: readonly number[]): number[] {
  const soft = logits.map((z, c) => z / (temperatures[c] as number));
  const most = Math.max(...soft);
  const sum = soft.reduce((total, one) => total + Math.exp(one - most), 0);
  return soft.map((one) => one - most - Math.log(sum));
}

const student = [1.5, -0.25, 3, 0.125];
const teacher = [4, 1.75, -2, 0.5];

describe('a temperature for each class', () => {
  test.each([
    { ofStudent: [2, 4, 1, 3], ofTeacher: [2, 4, 1, 3] },
    { ofStudent: [1, 1, 1, 1], ofTeacher: [4, 2, 2, 2] },
    { ofStudent: [0.05, 1000, 3, 0.5], ofTeacher: [0.05, 1000, 3, 0.5] },
    { ofStudent: [100, 101, 102, 103], ofTeacher: [103, 100, 101, 102] },
  ])('class temperatures give the divergence of softmax(z/T): $ofStudent, $ofTeacher', async ({ ofStudent, ofTeacher }) => {
    await expectNoLeakedTensors(() =>
      tf.tidy(() => {
        const want = divergenceOfLogs(logSoftmax(teacher, ofTeacher), logSoftmax(student, ofStudent));
        const temperature = { student: tf.tensor2d([ofStudent]), teacher: tf.tensor2d([ofTeacher]) };
        const kl = kit.loss({ type: 'kl', scale: 'none' });
        const [got] = kl({ student: tf.tensor2d([student]), teacher: tf.tensor2d([teacher]), temperature }).dataSync();
        expect(Math.abs((got as number) - want)).toBeLessThanOrEqual(2e-5 * want + 1e-9);
        const squared = kit.loss({ type: 'kl' })({ student: tf.tensor2d([student]), teacher: tf.tensor2d([teacher]), temperature });
        const harmonic = 4 / ofStudent.reduce((sum, T, c) => sum + 1 / (T * (ofTeacher[c] as number)), 0);
        expect(Math.abs((squared.dataSync()[0] as number) / (harmonic * (got as number)) - 1)).toBeLessThan(1e-5);
      }),
    );
  });

  test('class temperatures of sequences apply to all positions of a sample', () => {
    tf.tidy(() => {
      const [z, w] = [tf.randomNormal([2, 3, 4], 0, 2, 'float32', 1), tf.randomNormal([2, 3, 4], 0, 2, 'float32', 2)];
      const kl = kit.loss({ type: 'kl' });
      const values = (temperature: Temperature): number[] => [...kl({ student: z, teacher: w, temperature }).dataSync()];
      const perSample = tf.tensor2d([
        [1, 2, 3, 4],
        [4, 3, 2, 1],
      ]);
      expect(values(perSample)).toEqual(values(tf.tile(tf.expandDims(perSample, 1), [1, 3, 1])));
      expect(values(tf.tensor2d([[1, 2, 3, 4]]))).toEqual(values(tf.tile(tf.tensor3d([[[1, 2, 3, 4]]]), [2, 3, 1])));
    });
  });

  test("temperature-squared keeps the gradient's size with high class temperatures", () => {
    tf.tidy(() => {
      const x = { student: tf.tensor2d([student]), teacher: tf.tensor2d([teacher]) };
      const size = (temperature: number[]): number => {
        const loss = (z: tf.Tensor): tf.Tensor => kit.loss({ type: 'kl' })({ ...x, student: z, temperature: tf.tensor2d([temperature]) });
        return tf.sum(tf.abs(tf.grad(loss)(x.student))).dataSync()[0] as number;
      };
      const common = size([100, 100, 100, 100]);
      expect(size([50, 100, 200, 400]) / common).toBeGreaterThan(0.3);
      expect(size([50, 100, 200, 400]) / common).toBeLessThan(3);
    });
  });

  test('class temperatures of 1 equal no temperature, and wttm sums powers', () => {
    tf.tidy(() => {
      const x: LossInputs = { student: tf.tensor2d([student]), teacher: tf.tensor2d([teacher]) };
      const temperature = [2, 4, 1, 3];
      const wttm = kit
        .loss({ type: 'wttm' })({ ...x, temperature: tf.tensor2d([temperature]) })
        .dataSync()[0] as number;
      const power = logSoftmax(teacher, [1, 1, 1, 1]).reduce((sum, log, c) => sum + Math.exp(log / (temperature[c] as number)), 0);
      const want = power * divergenceOfLogs(logSoftmax(teacher, temperature), logSoftmax(student, [1, 1, 1, 1]));
      expect(Math.abs(wttm / want - 1)).toBeLessThan(1e-5);
      const kl = kit.loss({ type: 'kl' });
      expect(kl({ ...x, temperature: tf.ones([1, 4]) }).dataSync()).toEqual(kl(x).dataSync());
    });
  });

  test('class temperatures of a wrong shape are refused at the option of their loss', () => {
    tf.tidy(() => {
      const x = { student: tf.zeros([2, 4]), teacher: tf.zeros([2, 4]), labels: tf.zeros([2], 'int32') };
      expect(() => kit.loss({ type: 'kl' })({ ...x, temperature: tf.ones([4]) })).toThrow(
        'temperature: has the shape [4]; with logits [2, 4] it must be a scalar, [2, 1], [1, 4] or [2, 4]\n  Add a first dimension of 1.',
      );
    });
  });
});
