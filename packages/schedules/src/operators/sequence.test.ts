import type { Schedule } from '@temper/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linear } from '../curves/linear.js';
import { hold } from './hold.js';
import { sequence } from './sequence.js';

const value = fc.integer({ min: -2000, max: 2000 }).map((n) => n / 100);
const parts = fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), value, value), { minLength: 2, maxLength: 6 });

test('the parts of a sequence are half-open and have their own progress', () => {
  fc.assert(
    fc.property(parts, (given) => {
      const of = given.map(([, from, to]) => linear({ from, to }));
      const lengths = given.slice(0, -1).map(([steps]) => ({ steps }));
      const total = given.reduce((sum, [steps]) => sum + steps, 0);
      const whole = sequence({ of, lengths });
      let begin = 0;
      given.forEach(([steps], i) => {
        for (let step = 0; step < steps; step++)
          expect(whole({ step: begin + step, total })).toBe((of[i] as Schedule)({ step, total: steps }));
        begin += steps;
      });
    }),
  );
});

test('nested sequences equal flat ones', () => {
  fc.assert(
    fc.property(parts, fc.nat(), (given, cut) => {
      const of = given.map(([, from, to]) => linear({ from, to }));
      const steps = given.map(([length]) => ({ steps: length }));
      const total = given.reduce((sum, [length]) => sum + length, 0);
      const k = 1 + (cut % (given.length - 1));
      const head = sequence({ of: of.slice(0, k), lengths: steps.slice(0, k - 1) });
      const tail = sequence({ of: of.slice(k), lengths: steps.slice(k, -1) });
      const nested = sequence({ of: [head, tail], lengths: [{ steps: steps.slice(0, k).reduce((sum, { steps }) => sum + steps, 0) }] });
      const flat = sequence({ of, lengths: steps.slice(0, -1) });
      for (let step = 0; step < total + 3; step++) expect(nested({ step, total })).toBe(flat({ step, total }));
    }),
  );
});

test('parts can be lengths in epochs that do not divide the run, and fractions', () => {
  const at = (step: number) =>
    sequence({ of: [hold(1), hold(2), hold(3)], lengths: [{ epochs: 1.5 }, { fraction: 0.25 }] })({ step, total: 23, stepsPerEpoch: 7 });
  const values = Array.from({ length: 23 }, (_, step) => at(step));
  expect(values.indexOf(2)).toBe(Math.round(10.5));
  expect(values.indexOf(3)).toBe(Math.round(10.5 + 5.75));
  expect(at(22)).toBe(3);
});

test('each part has an update even when its fraction is short', () => {
  const tiny = sequence({ of: [hold(1), hold(2), hold(3)], lengths: [{ fraction: 0.98 }, { fraction: 0.01 }] });
  expect([0, 1, 2].map((step) => tiny({ step, total: 3 }))).toEqual([1, 2, 3]);
  expect([0, 1].map((step) => tiny({ step, total: 2 }))).toEqual([2, 3]);
  expect(tiny({ step: 0, total: 1 })).toBe(3);
});

test('parts in steps keep their length when the run is shorter', () => {
  const long = sequence({ of: [linear({ from: 0, to: 10 }), hold(7)], lengths: [{ steps: 11 }] });
  expect(long({ step: 4, total: 5 })).toBe(4);
  expect(long({ step: 100, total: 5 })).toBe(4);
  expect(long({ step: 11, total: 12 })).toBe(7);
});
