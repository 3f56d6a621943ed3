import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLong } from '../../../../fixtures/long.js';
import { dist } from './dist.js';
import { scales } from './support/scale.js';
import { type Table, logits } from '../testing/dist-tables.js';

const weight = fc.double({ min: 0, max: 4, noNaN: true });

// One seed, and no claim about constants: a column that hardly varies over the batch has a correlation that turns over within a
// small step, or is made of rounding alone, which differences and shifts show. About one random case in several hundred has one.
fc.configureGlobal({ seed: 1 });

test('dist keeps the laws of a loss', () => {
  checkLoss(dist, { options: fc.record({ beta: weight, gamma: weight, scale: fc.constantFrom(...scales) }), runs: isLong ? 25 : 10 });
});

test('a teacher with equal logits for all classes has correlation 0', () => {
  tf.tidy(() => {
    const student = tf.randomNormal([6, 7], 0, 1, 'float32', 1);
    for (const logit of [0, 0.3, -7.7]) {
      const [value] = dist({ gamma: 0, scale: 'none' })({ student, teacher: tf.fill([6, 7], logit), temperature: 3 }).dataSync();
      expect(value).toBeCloseTo(1, 5);
    }
  });
});

test('a constant added to the logits of a sample does not change dist', () => {
  tf.tidy(() => {
    const [student, teacher] = [1, 2].map((seed) => tf.randomNormal([6, 5], 0, 2, 'float32', seed)) as [tf.Tensor, tf.Tensor];
    const shift = tf.range(0, 6).reshape([6, 1]);
    const value = dist()({ student, teacher, temperature: 4 }).dataSync()[0] as number;
    const shifted = dist()({ student: tf.add(student, shift), teacher: tf.sub(teacher, shift), temperature: 4 }).dataSync()[0] as number;
    expect(Math.abs(shifted - value) / value).toBeLessThan(1e-5);
  });
});

test('dist is nearly 0 for identical logits', () => {
  tf.tidy(() => {
    const logits = tf.tensor2d([
      [0, 1, 5],
      [1, 0, 0],
      [2, 2, 1],
    ]);
    expect(dist()({ student: logits, teacher: logits, temperature: 1 }).dataSync()[0]).toBeCloseTo(0, 5);
  });
});

test('a batch without counted samples has the loss 0 in its rows', () => {
  tf.tidy(() => {
    const logits = tf.tensor2d([
      [0, 1, 5],
      [1, 0, 0],
    ]);
    const mask = tf.tensor1d([0, 0]);
    const gradient = tf.grad((student) => dist({ gamma: 0 })({ student, teacher: logits, mask, temperature: 1 }))(logits);
    expect(gradient.dataSync().every((value) => value === 0)).toBe(true);
    expect(dist({ gamma: 0 })({ student: logits, teacher: logits, mask, temperature: 1 }).dataSync()[0]).toBe(0);
  });
});

test('the values of a masked sample do not change dist, not even by rounding', () => {
  const [student, teacher] = [logits(0.02, 0), logits(0.02, 0.9)];
  const values = [0.1, 900].map((one) =>
    tf.tidy(() => {
      const wild = (table: Table): tf.Tensor2D => tf.tensor2d([...table, table[0]?.map((_, column) => one * column)] as number[][]);
      return dist()({
        student: wild(student),
        teacher: wild(teacher),
        temperature: 4,
        mask: tf.tensor1d([1, 1, 1, 1, 0]),
      }).dataSync()[0] as number;
    }),
  );
  expect(values[1]).toBe(values[0]);
});
