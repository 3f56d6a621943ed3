import '@tensorflow/tfjs-node';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { degenerate, normals, pair, valueAndGradient, type Table } from '../testing/layers.js';
import { similarityPreserving } from './similarity-preserving.js';

test.each([
  ['of different widths', [3], [4]],
  ['of feature maps of different size', [2, 2, 1], [3, 1, 2]],
])('similarity-preserving keeps the laws of a loss for layers %s', (_, student, teacher) => {
  checkLoss(similarityPreserving, { options: fc.constant(pair), taps: { student: { s: student }, teacher: { t: teacher } }, runs: 8 });
});

test('similarity-preserving keeps the laws of a loss for layers of one width', () => {
  checkLoss(similarityPreserving, {
    options: fc.constant(pair),
    taps: { student: { s: [3] }, teacher: { t: [3] } },
    zeroWhenEqual: true,
    runs: 8,
  });
});

const loss = similarityPreserving(pair);

test('the scale and a rotation of the features do not change the loss', () => {
  const [student, teacher] = [normals(5, 2, 1), normals(5, 4, 2)];
  const of = (table: Table): number => valueAndGradient(loss, table, teacher).value;
  const [sin, cos] = [Math.sin(0.7), Math.cos(0.7)];
  const turned = student.map(([x, y]) => [cos * (x as number) - sin * (y as number), sin * (x as number) + cos * (y as number)]);
  for (const scale of [1e-6, 37, 1e12]) expect(of(student.map((row) => row.map((one) => one * scale))) / of(student)).toBeCloseTo(1, 5);
  expect(of(turned) / of(student)).toBeCloseTo(1, 5);
});

test('masked samples have no influence and no gradient', () => {
  const [student, teacher] = [normals(4, 3, 1), normals(4, 2, 2)];
  const { value } = valueAndGradient(loss, student, teacher);
  const masked = valueAndGradient(loss, [...student, [1e4, 0, 1]], [...teacher, [5, 5]], { mask: [1, 1, 1, 1, 0] });
  expect(masked.value / value).toBeCloseTo(1, 5);
  expect(masked.gradient.slice(12)).toEqual([0, 0, 0]);
});

test.each(degenerate)('value and gradient are finite where %s', (_, student, teacher) => {
  const { value, gradient } = valueAndGradient(loss, student, teacher);
  expect([value, ...gradient].every(Number.isFinite)).toBe(true);
});

test('a single sample, and a batch without counted samples, have the loss 0', () => {
  expect(valueAndGradient(loss, [[1, 2]], [[3, 1]])).toEqual({ value: 0, gradient: [0, 0] });
  expect(valueAndGradient(loss, normals(2, 2, 1), normals(2, 2, 2), { mask: [0, 0] })).toEqual({ value: 0, gradient: [0, 0, 0, 0] });
});
