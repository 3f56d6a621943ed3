import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss, expectNoLeakedTensors } from '@temper/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attentionTransfer } from './attention-transfer.js';

const names = { student: 'a', teacher: 'b' };
const shapes = (student: readonly number[], teacher: readonly number[]) => ({ student: { a: student }, teacher: { b: teacher } });

describe('laws', () => {
  test('attention-transfer keeps the laws of a loss for equal maps', () => {
    checkLoss(attentionTransfer, { options: fc.constant(names), taps: shapes([2, 2, 2], [2, 2, 2]), zeroWhenEqual: true, runs: 10 });
  });
  test.each([
    ['other channels', [2, 2, 1], [2, 2, 3]],
    ['another size', [2, 2, 2], [4, 2, 1]],
    ['a sequence', [4, 2], [4, 3]],
  ])('attention-transfer keeps the laws of a loss for %s', (_, student, teacher) => {
    checkLoss(attentionTransfer, { options: fc.constant(names), taps: shapes(student, teacher), runs: 10 });
  });
});

const values = (student: number[][], teacher: number[][]): unknown =>
  tf.tidy(() => {
    // Two positions, two channels.
    const map = (rows: number[][]): tf.Tensor => tf.tensor4d(rows.flat(), [rows.length, 1, 2, 2]);
    return attentionTransfer(names)({
      student: tf.zeros([student.length, 3]),
      taps: { student: { a: map(student) }, teacher: { b: map(teacher) } },
    }).arraySync();
  });

test('attention-transfer compares positions and not magnitudes', () => {
  expect(values([[1, 2, 0, 0]], [[10, 20, 0, 0]])).toEqual([expect.closeTo(0, 6)]);
  // Unit vectors (1, 0) and (0, 1): mean of the squared differences.
  expect(values([[1, 2, 0, 0]], [[0, 0, 1, 2]])).toEqual([expect.closeTo(1, 6)]);
});

test('a map of zeros has a finite value', () => {
  expect(values([[0, 0, 0, 0]], [[1, 1, 0, 0]])).toEqual([expect.closeTo(0.5, 6)]);
});

/** Value and gradient for the student's map `[positions, channels]` as the formula is written, in float64. */
function closedForm(student: readonly number[], teacher: readonly number[], channels: number): { value: number; gradient: number[] } {
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, one, i) => sum + one * (b[i] as number), 0);
  const unit = (map: readonly number[]): { of: number[]; length: number } => {
    const attention = Array.from({ length: map.length / channels }, (_, p) => {
      const activations = map.slice(p * channels, (p + 1) * channels);
      return dot(activations, activations) / channels;
    });
    const length = Math.sqrt(dot(attention, attention));
    return { of: attention.map((one) => one / length), length };
  };
  const [own, other] = [unit(student), unit(teacher)];
  const d = own.of.map((one, p) => one - (other.of[p] as number));
  const along = dot(d, own.of);
  const gradient = student.map((one, i) => {
    const p = Math.floor(i / channels);
    return (((2 / d.length) * ((d[p] as number) - along * (own.of[p] as number))) / own.length) * ((2 / channels) * one);
  });
  return { value: dot(d, d) / d.length, gradient };
}

test.each([0.5, 0.1, 0.01, 0.001])('maps that differ by %d have value and gradient exact to 1e-5', async (difference) => {
  await expectNoLeakedTensors(() =>
    tf.tidy(() => {
      for (const [positions, channels] of [
        [4, 1],
        [4, 2],
        [9, 16],
      ] as const) {
        const teacher = Array.from({ length: positions * channels }, (_, i) => Math.fround(2 * Math.sin(7.3 * i + 1)));
        const student = teacher.map((one, i) => Math.fround(one * (1 + difference * Math.cos(3.1 * i))));
        const map = (numbers: readonly number[]): tf.Tensor => tf.tensor4d([...numbers], [1, 1, positions, channels]);
        const loss = (a: tf.Tensor): tf.Tensor =>
          attentionTransfer(names)({ student: tf.zeros([1, 3]), taps: { student: { a }, teacher: { b: map(teacher) } } });
        const want = closedForm(student, teacher, channels);
        expect(Math.abs((loss(map(student)).dataSync()[0] as number) - want.value) / want.value).toBeLessThan(1e-5);
        const largest = Math.max(...want.gradient.map(Math.abs));
        const got = tf.grad(loss)(map(student)).dataSync();
        want.gradient.forEach((one, i) => expect(Math.abs((got[i] as number) - one) / largest).toBeLessThan(1e-5));
      }
    }),
  );
});
