import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { cutByClass } from './parts.js';

const counts = (labels: Int32Array, indices: Int32Array): Map<number, number> => {
  const found = new Map<number, number>();
  for (const i of indices) found.set(labels[i] as number, (found.get(labels[i] as number) ?? 0) + 1);
  return found;
};
const share = fc.double({ min: 0.05, max: 0.4, noNaN: true });

test.prop([fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 4, maxLength: 200 }), share, share, fc.nat()])(
  'each sample is in one part, and each part has each class of three or more',
  (values, validation, tested, seed) => {
    const labels = Int32Array.from(values);
    const parts = cutByClass(labels, { seed, validation, test: tested }, 'f');
    const all = [...parts.train, ...parts.validation, ...parts.test];
    expect(all.toSorted((a, b) => a - b)).toEqual(values.map((_, i) => i));
    for (const part of Object.values(parts)) expect(part.length).toBeGreaterThan(0);
    for (const [label, count] of counts(labels, Int32Array.from(all))) {
      if (count < 3) continue;
      for (const part of Object.values(parts)) expect(counts(labels, part).get(label) ?? 0).toBeGreaterThan(0);
    }
    expect(cutByClass(labels, { seed, validation, test: tested }, 'f')).toEqual(parts);
  },
);

test('classes keep their shares in every part, and parts have their exact sizes', () => {
  const labels = Int32Array.from({ length: 1000 }, (_, i) => (i < 700 ? 0 : i < 950 ? 1 : 2));
  const { train, validation, test: tested } = cutByClass(labels, { seed: 1, validation: 0.15, test: 0.2 }, 'f');
  expect([train.length, validation.length, tested.length]).toEqual([680, 120, 200]);
  expect([...counts(labels, tested)].toSorted()).toEqual([
    [0, 140],
    [1, 50],
    [2, 10],
  ]);
});

test('the only sample of a class is in the training part', () => {
  for (let seed = 0; seed < 20; seed++) {
    const labels = Int32Array.from({ length: 120 }, (_, i) => (i === 7 ? 2 : i % 2));
    expect([...cutByClass(labels, { seed, validation: 0.15, test: 0.2 }, 'f').train]).toContain(7);
  }
});

test('parts differ when the seed differs', () => {
  const labels = Int32Array.from({ length: 100 }, (_, i) => i % 2);
  const cut = (seed: number) => cutByClass(labels, { seed, validation: 0.15, test: 0.2 }, 'f').test;
  expect(cut(1)).not.toEqual(cut(2));
});
