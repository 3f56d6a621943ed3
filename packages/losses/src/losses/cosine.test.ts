import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/testing';
import { expect, test } from 'vitest';
import { cosine } from './cosine.js';

test('cosine keeps the laws of a loss', () => {
  checkLoss(cosine, { zeroWhenEqual: true });
});

test('cosine is 0 for equal directions, 1 for right angles, 2 for opposite directions', () => {
  tf.tidy(() => {
    const student = tf.tensor2d([
      [3, 4],
      [3, 4],
      [3, 4],
      [0, 0],
    ]);
    const teacher = tf.tensor2d([
      [6, 8],
      [-4, 3],
      [-3, -4],
      [3, 4],
    ]);
    const values = cosine()({ student, teacher }).arraySync();
    expect(values).toEqual([0, 1, 2, 1].map((value) => expect.closeTo(value, 6) as number));
  });
});

test('cosine has a finite gradient for logits of 0', () => {
  tf.tidy(() => {
    const gradient = tf.grad((student) => cosine()({ student, teacher: tf.tensor2d([[3, 4]]) }))(tf.tensor2d([[0, 0]]));
    expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
  });
});

/** Value and gradient as the formula is written, in float64. */
function closedForm(x: readonly number[], y: readonly number[]): { value: number; gradient: number[] } {
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, one, i) => sum + one * (b[i] as number), 0);
  const [ofX, ofY] = [Math.sqrt(dot(x, x)), Math.sqrt(dot(y, y))];
  const product = ofX * ofY + 1e-8;
  const gradient = x.map((one, i) => ((dot(x, y) * ofY * one) / (ofX * product) - (y[i] as number)) / product);
  return { value: 1 - dot(x, y) / product, gradient };
}

const teacher = [0.7, -1.9, 0.3, 1.1, -0.2];
const noise = [0.4, 0.8, -0.9, 0.1, 0.5];
const students = {
  'another direction': noise,
  'the opposite direction, nearly': teacher.map((one, i) => -3 * one + 0.1 * (noise[i] as number)),
  'the same direction, nearly': teacher.map((one, i) => one + 0.002 * (noise[i] as number)),
  'the same direction, another length': teacher.map((one, i) => 100 * one + 5 * (noise[i] as number)),
};

test.each(Object.entries(students))('cosine is exact to 1e-5 for logits from 1e-3 to 1e4: %s', (_, student) => {
  for (const size of [1e-3, 1e-2, 0.1, 1, 10, 1e4]) {
    const [x, y] = [student, teacher].map((logits) => logits.map((one) => Math.fround(size * one))) as [number[], number[]];
    expectClose(x, y);
  }
});

test('cosine is exact to 1e-5 for equal logits', () => {
  for (const size of [1e-3, 1e-2, 0.1, 1]) {
    const logits = teacher.map((one) => Math.fround(size * one));
    expectClose(logits, logits);
  }
});

function expectClose(x: readonly number[], y: readonly number[]): void {
  tf.tidy(() => {
    const target = tf.tensor2d([[...y]]);
    const student = tf.tensor2d([[...x]]);
    const { value, gradient } = closedForm(x, y);
    const [got] = cosine()({ student, teacher: target }).dataSync() as Float32Array;
    expect(Math.abs((got as number) - value) / value).toBeLessThan(1e-5);
    const pull = tf
      .grad((logits) => cosine()({ student: logits, teacher: target }))(student)
      .dataSync();
    const largest = Math.max(...gradient.map(Math.abs));
    gradient.forEach((one, i) => expect(Math.abs((pull[i] as number) - one) / largest).toBeLessThan(1e-5));
  });
}
