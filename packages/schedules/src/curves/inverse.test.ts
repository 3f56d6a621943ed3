import { expect, test } from 'vitest';
import { inverse } from './inverse.js';

const half = { step: 50, total: 101 };

test('inverse changes 1/T, or 1/T², linearly', () => {
  expect(1 / inverse({ from: 4, to: 1 })(half)).toBeCloseTo((1 / 4 + 1) / 2, 12);
  expect(inverse({ from: 4, to: 1, power: 0.5 })(half) ** -2).toBeCloseTo((1 / 16 + 1) / 2, 12);
});

test('inverse equals from / (1 + rate·step)', () => {
  const rate = 0.03;
  const value = inverse({ from: 20, to: 20 / (1 + rate * 99) });
  for (const step of [1, 10, 50, 98]) expect(value({ step, total: 100 })).toBeCloseTo(20 / (1 + rate * step), 10);
});

test('inverse refuses ends that it cannot reach', () => {
  expect(() => inverse({ from: 4, to: 0 })).toThrow('inverse.to: must be a finite number above 0, got 0');
  expect(() => inverse({ from: 4, to: 1, power: 1000 })).toThrow('inverse.power: must be a finite number at most 100');
});
