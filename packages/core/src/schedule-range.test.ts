import { expect, test } from 'vitest';
import { TemperError } from './errors.js';
import { scheduleWithin } from './schedule-range.js';

const at = { step: 3, total: 10 };

test('a checked schedule gives the values of the schedule', () => {
  expect(scheduleWithin(({ step }) => step / 8, { path: 'soft', min: 0, max: 1e9 })(at)).toBe(0.375);
});

test.each([
  [() => -0.1, 'learningRate: must be a finite number at least 0 at every step, got -0.1 at step 0 of 1000000'],
  [() => Number.NaN, 'got NaN at step 0'],
  [() => Infinity, 'got Infinity at step 0'],
  [({ step, total }: { step: number; total: number }) => (step === total - 1 ? -1 : 1), 'got -1 at step 999999'],
])('a checked schedule refuses a start or an end outside of its range at once', (schedule, message) => {
  expect(() => scheduleWithin(schedule, { path: 'learningRate', min: 0 })).toThrow(message);
});

test('a checked schedule refuses a value in between when it is computed', () => {
  const schedule = scheduleWithin(({ step }) => (step === 3 ? 1.5 : 0.5), { path: 'soft', min: 0, max: 1 });
  expect(schedule({ step: 2, total: 10 })).toBe(0.5);
  expect(() => schedule(at)).toThrow('soft: must be a finite number from 0 to 1 at every step, got 1.5 at step 3 of 10');
  expect(() => schedule(at)).toThrow(TemperError);
});

test("schedules that count in epochs or read the run's progress can be checked", () => {
  const perEpoch = scheduleWithin(({ step, stepsPerEpoch }) => Math.floor(step / (stepsPerEpoch as number)), { path: 'x', min: 0 });
  const global = scheduleWithin(({ run }) => (run as { step: number }).step, { path: 'x', min: 0 });
  expect(perEpoch({ step: 25, total: 100, stepsPerEpoch: 10 })).toBe(2);
  expect(global({ step: 0, total: 10, run: { step: 7, total: 100 } })).toBe(7);
});
