import { expect, test } from 'vitest';
import { cyclic } from './cyclic.js';

const values = (schedule: ReturnType<typeof cyclic>, total: number) =>
  Array.from({ length: total }, (_, step) => schedule({ step, total, stepsPerEpoch: 5 }));

test('a triangular cycle rises and falls in every cycle', () => {
  expect(values(cyclic({ from: 1, to: 9, cycles: 2 }), 10)).toEqual([1, 5, 9, 5, 1, 1, 5, 9, 5, 1]);
  expect(values(cyclic({ from: 1, to: 9, cycle: { epochs: 1 } }), 7)).toEqual([1, 5, 9, 5, 1, 1, 5]);
});

test('a cyclic schedule with restarts repeats a cosine', () => {
  const down = values(cyclic({ from: 9, to: 1, cycles: 2, shape: 'restarts' }), 6);
  [9, 5, 1, 9, 5, 1].forEach((want, i) => expect(down[i]).toBeCloseTo(want, 12));
  expect([down[0], down[2], down[5]]).toEqual([9, 1, 1]);
});

test('each cycle can be lower and longer than the previous one', () => {
  expect(values(cyclic({ from: 0, to: 8, cycle: { steps: 3 }, decay: 0.5 }), 9)).toEqual([0, 8, 0, 0, 4, 0, 0, 2, 0]);
  const longer = values(cyclic({ from: 9, to: 1, shape: 'restarts', cycles: 3, growth: 2 }), 70);
  expect(longer.flatMap((value, step) => (value === 9 ? [step] : []))).toEqual([0, 10, 30]);
  expect(longer.at(-1)).toBe(1);
});

test('cycles that do not divide the stage differ by at most one update and fill it', () => {
  const begins = values(cyclic({ from: 9, to: 1, shape: 'restarts', cycles: 4 }), 30).flatMap((value, step) => (value === 9 ? [step] : []));
  expect(begins).toEqual([0, 8, 15, 23]);
});

test('the cycle is computed directly for any length of the run', () => {
  const endless = cyclic({ from: 0, to: 1, cycle: { steps: 1000 }, growth: 1.0001 });
  expect(endless({ step: 999_999_999, total: 1e9 })).toBeGreaterThanOrEqual(0);
});

test('cyclic refuses both of cycles and cycle, and neither', () => {
  expect(() => cyclic({ from: 0, to: 1 })).toThrow(
    'must have either cycles (their number in the stage) or cycle (the length of the ' + 'first one)',
  );
  expect(() => cyclic({ from: 0, to: 1, cycles: 2, cycle: { steps: 4 } })).toThrow('must have either cycles');
});
