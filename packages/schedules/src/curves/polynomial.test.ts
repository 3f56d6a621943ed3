import { expect, test } from 'vitest';
import { linear } from './linear.js';
import { polynomial } from './polynomial.js';

test('polynomial changes fast first with a power above 1, and linearly with 1', () => {
  const half = { step: 50, total: 101 };
  expect(polynomial({ from: 20, to: 0 })(half)).toBe(5);
  expect(polynomial({ from: 20, to: 0, power: 0.5 })(half)).toBeCloseTo(20 * Math.SQRT1_2, 12);
  expect(polynomial({ from: 20, to: 0, power: 1 })(half)).toBe(linear({ from: 20, to: 0 })(half));
});

test('polynomial refuses a power that is not above 0', () => {
  expect(() => polynomial({ from: 20, to: 1, power: 0 })).toThrow('polynomial.power: must be a finite number above 0, got 0');
});
