import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import type { Loss } from '@temper/core';
import { checkLoss, expectNoLeakedTensors } from '@temper/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rkd } from './rkd.js';
import { normals, onLayers, pair, valueAndGradient, type Table } from '../testing/layers.js';

const weight = fc.constantFrom(0, 1, 25);

test.each([
  ['of different widths', [3], [4]],
  ['of feature maps', [2, 2, 1], [3]],
])('rkd keeps the laws of a loss for layers %s', (_, student, teacher) => {
  checkLoss(rkd, {
    options: fc.record({ student: fc.constant('s'), teacher: fc.constant('t'), distance: weight, angle: weight }),
    taps: { student: { s: student }, teacher: { t: teacher } },
    fewestSamples: 2,
    runs: 8,
  });
});

test('rkd keeps the laws of a loss for layers of one width', () => {
  const taps = { student: { s: [3] }, teacher: { t: [3] } };
  checkLoss(rkd, { options: fc.constant(pair), taps, zeroWhenEqual: true, fewestSamples: 2, runs: 8 });
});

/** The formula in float64, over all pairs and triples. */
function closedForm(student: Table, teacher: Table, { distance, angle }: { distance: number; angle: number }): number {
  const n = student.length;
  const h = (x: number): number => (Math.abs(x) < 1 ? (x * x) / 2 : Math.abs(x) - 0.5);
  const all = Array.from({ length: n }, (_, i) => i);
  const relations = (table: Table) => {
    const apart = (i: number, j: number): number[] => (table[j] as number[]).map((one, k) => one - ((table[i] as number[])[k] as number));
    const length = (v: number[]): number => Math.hypot(...v);
    const mean = all.flatMap((i) => all.map((j) => length(apart(i, j)))).reduce((a, b) => a + b) / (n * (n - 1));
    const cosine = (i: number, j: number, k: number): number => {
      const [a, b] = [apart(i, j), apart(i, k)];
      const product = length(a) * length(b);
      return product === 0 ? 0 : a.reduce((sum, one, c) => sum + one * (b[c] as number), 0) / product;
    };
    return { d: (i: number, j: number) => length(apart(i, j)) / mean, cosine };
  };
  const [s, t] = [relations(student), relations(teacher)];
  const pairs = all.flatMap((i) => all.map((j) => h(s.d(i, j) - t.d(i, j)))).reduce((a, b) => a + b) / n ** 2;
  const triples = all.flatMap((i) => all.flatMap((j) => all.map((k) => h(s.cosine(i, j, k) - t.cosine(i, j, k)))));
  return distance * pairs + (angle * triples.reduce((a, b) => a + b)) / n ** 3;
}

test.each([3, 7])('rkd equals its closed form for %d samples', (samples) => {
  for (const seed of [1, 2, 3]) {
    const [student, teacher] = [normals(samples, 4, seed), normals(samples, 6, seed + 10)];
    const weights = { distance: 25, angle: 50 };
    const { value } = valueAndGradient(rkd({ ...pair, ...weights }), student, teacher);
    expect(value / closedForm(student, teacher, weights)).toBeCloseTo(1, 5);
  }
});

describe('laws of relations', () => {
  const [student, teacher] = [normals(5, 3, 1), normals(5, 4, 2)];
  const of = (table: Table): number => valueAndGradient(rkd(pair), table, teacher).value;

  test('scale, shift and rotation of the features do not change the loss', () => {
    const [sin, cos] = [Math.sin(0.7), Math.cos(0.7)];
    expect(of(student.map((row) => row.map((one) => 37 * one - 5)))).toBeCloseTo(of(student), 4);
    expect(
      of(student.map(([x, y, z]) => [cos * (x as number) - sin * (y as number), sin * (x as number) + cos * (y as number), z as number])),
    ).toBeCloseTo(of(student), 5);
  });

  test('masked samples have no influence and no gradient', () => {
    const masked = [...student, [9, -9, 9]];
    const loss = rkd(pair);
    const { value, gradient } = valueAndGradient(loss, masked, [...teacher, [1, 2, 3, 4]], { mask: [1, 1, 1, 1, 1, 0] });
    expect(value).toBeCloseTo(of(student), 5);
    expect(gradient.slice(15)).toEqual([0, 0, 0]);
  });
});

test.each<[string, Table, Table]>([
  [
    'the student repeats a sample that the teacher does not',
    [
      [1, 2],
      [1, 2],
      [0, 1],
    ],
    [
      [1, 0],
      [0, 1],
      [1, 1],
    ],
  ],
  [
    'the teacher repeats a sample',
    [
      [1, 0],
      [0, 1],
      [1, 1],
    ],
    [
      [1, 2],
      [1, 2],
      [0, 1],
    ],
  ],
  [
    'all features are constant',
    [
      [3, 3],
      [3, 3],
      [3, 3],
    ],
    [
      [0, 1],
      [1, 1],
      [2, 0],
    ],
  ],
  [
    'features are far apart',
    [
      [1e4, -1e4],
      [-1e4, 1e4],
      [0, 0],
    ],
    [
      [-1e4, 0],
      [1e4, 1],
      [0, 0],
    ],
  ],
  [
    'features are dead',
    [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
  ],
])('value and gradient stay finite and small where %s', (_, student, teacher) => {
  const { value, gradient } = valueAndGradient(rkd({ ...pair, distance: 25, angle: 50 }), student, teacher);
  expect(Number.isFinite(value)).toBe(true);
  expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(100);
});

test('a batch without counted samples, or with one, has the loss 0', () => {
  const table = normals(3, 2, 1);
  for (const mask of [
    [0, 0, 0],
    [0, 1, 0],
  ]) {
    const { value, gradient } = valueAndGradient(rkd(pair), table, normals(3, 2, 2), { mask });
    expect([value, ...gradient]).toEqual([0, ...gradient.map(() => 0)]);
  }
});

test('rkd refuses a batch of one sample, and a batch too large for its triples', async () => {
  await expectNoLeakedTensors(() => {
    tf.tidy(() => {
      expect(() => onLayers(rkd(pair), tf.tensor2d([[1, 2]]), tf.tensor2d([[1, 2]]))).toThrow(
        'rkd compares the samples of a batch and needs at least 2, got 1',
      );
    });
    const many = (): tf.Tensor => tf.zeros([600, 2]);
    tf.tidy(() => {
      expect(() => onLayers(rkd(pair), many(), many())).toThrow(
        'compares 600 samples with one another, which needs tensors of 216,000,000 numbers',
      );
    });
    tf.tidy(() => {
      expect(onLayers(rkd({ ...pair, angle: 0 }), many(), many()).dataSync()[0]).toBe(0);
    });
  });
});

test('rkd compares the penultimate layers by default', () => {
  const layer = (name: string) => [{ name, shape: [2], isPenultimate: true }];
  const loss = rkd().forNetworks?.({ student: layer('a'), teacher: layer('b') }) as Loss;
  expect(loss.taps).toEqual({ student: ['a'], teacher: ['b'] });
});

test('rkd states how many samples it can compare, by the width of the layers', () => {
  const layer = (name: string, ...shape: number[]) => [{ name, shape }];
  const of = (options: object, ...shape: number[]) =>
    rkd({ ...pair, ...options }).forNetworks?.({ student: layer('s', ...shape), teacher: layer('t', 8) })?.mostSamples;
  expect(of({}, 16)).toBe(512);
  expect(of({ angle: 0 }, 16)).toBe(2896);
  expect(of({ angle: 0 }, 32, 32, 128)).toBe(32);
  expect(of({ angle: 0 }, 16, 128)).toBe(1024);
});
