import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/core/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attentionTransfer } from './attention-transfer.js';

const names = { student: 'a', teacher: 'b' };
const shapes = (student: readonly number[], teacher: readonly number[]) => ({ student: { a: student }, teacher: { b: teacher } });

describe('keeps the laws of a loss', () => {
  test('equal maps', () => {
    checkLoss(attentionTransfer, { options: fc.constant(names), taps: shapes([2, 2, 2], [2, 2, 2]), zeroWhenEqual: true, runs: 10 });
  });
  test.each([
    ['other channels', [2, 2, 1], [2, 2, 3]],
    ['another size', [2, 2, 2], [4, 2, 1]],
    ['a sequence', [4, 2], [4, 3]],
  ])('%s', (_, student, teacher) => {
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

test('compares where, not how strongly', () => {
  expect(values([[1, 2, 0, 0]], [[10, 20, 0, 0]])).toEqual([expect.closeTo(0, 6)]);
  // Unit vectors (1, 0) and (0, 1): mean of the squared differences.
  expect(values([[1, 2, 0, 0]], [[0, 0, 1, 2]])).toEqual([expect.closeTo(1, 6)]);
});

test('a map of zeros has a finite value', () => {
  expect(values([[0, 0, 0, 0]], [[1, 1, 0, 0]])).toEqual([expect.closeTo(0.5, 6)]);
});
