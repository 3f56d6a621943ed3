import { expect, test } from 'vitest';
import { oneCycle } from './one-cycle.js';

const at = (step: number) => ({ step, total: 101 });

test.each(['cosine', 'linear'] as const)('one-cycle rises to its peak and falls below its start (%s)', (shape) => {
  const value = oneCycle({ from: 1, peak: 10, to: 0.5, rise: 0.25, shape });
  const values = Array.from({ length: 101 }, (_, step) => value(at(step)));
  expect([values[0], values[25], values[100]]).toEqual([1, 10, 0.5]);
  values.forEach((now, i) => {
    const before = values[i - 1];
    if (before !== undefined) expect(Math.sign(now - before)).toBe(i <= 25 ? 1 : -1);
  });
});

test('one-cycle has half of the change after half of the rise', () => {
  expect(oneCycle({ from: 1, peak: 11, to: 0, rise: 0.5 })(at(25))).toBeCloseTo(6, 12);
});

test.each([0, 1, -0.2])('one-cycle refuses a rise of %s', (rise) => {
  expect(() => oneCycle({ from: 1, peak: 10, to: 0, rise })).toThrow('one-cycle.rise: must be a finite number');
});
