import '@tensorflow/tfjs-node';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { degenerate, normals, pair, valueAndGradient, type Table } from '../testing/layers.js';
import { pkt } from './pkt.js';

test.each([
  ['of different widths', [3], [4]],
  ['of feature maps of different size', [2, 2, 1], [3, 1, 2]],
])('pkt keeps the laws of a loss for layers %s', (_, student, teacher) => {
  checkLoss(pkt, { options: fc.constant(pair), taps: { student: { s: student }, teacher: { t: teacher } }, runs: 8 });
});

test('pkt keeps the laws of a loss for layers of one width', () => {
  checkLoss(pkt, { options: fc.constant(pair), taps: { student: { s: [3] }, teacher: { t: [3] } }, zeroWhenEqual: true, runs: 8 });
});

const loss = pkt(pair);

test('the length of a sample does not change the loss, and the loss is a divergence', () => {
  for (const seed of [1, 2, 3]) {
    const [student, teacher] = [normals(5, 3, seed), normals(5, 4, seed + 10)];
    const { value } = valueAndGradient(loss, student, teacher);
    expect(value).toBeGreaterThan(0);
    const longer = student.map((row, i) => row.map((one) => one * (i + 1)));
    expect(valueAndGradient(loss, longer, teacher).value / value).toBeCloseTo(1, 4);
  }
});

test('masked samples have no influence and no gradient', () => {
  const [student, teacher] = [normals(4, 3, 1), normals(4, 2, 2)];
  const { value } = valueAndGradient(loss, student, teacher);
  const masked = valueAndGradient(loss, [...student, [1e4, 0, 1]], [...teacher, [5, 5]], { mask: [1, 1, 1, 1, 0] });
  expect(masked.value / value).toBeCloseTo(1, 4);
  expect(masked.gradient.slice(12)).toEqual([0, 0, 0]);
});

test.each<[string, Table, Table]>([
  ...degenerate,
  [
    'samples are opposite',
    [
      [1, -1],
      [-1, 1],
    ],
    [
      [1, 1],
      [1, 2],
    ],
  ],
])('value and gradient are finite where %s', (_, student, teacher) => {
  const { value, gradient } = valueAndGradient(loss, student, teacher);
  expect([value, ...gradient].every(Number.isFinite)).toBe(true);
});

test('a single sample, and a batch without counted samples, have the loss 0', () => {
  expect(valueAndGradient(loss, [[1, 2]], [[3, 1]])).toEqual({ value: 0, gradient: [0, 0] });
  expect(valueAndGradient(loss, normals(2, 2, 1), normals(2, 2, 2), { mask: [0, 0] }).value).toBe(0);
});
