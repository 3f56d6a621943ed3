import { expect, test } from 'vitest';
import { step } from './step.js';

const values = (schedule: ReturnType<typeof step>, total: number, stepsPerEpoch = 10) =>
  Array.from({ length: total }, (_, at) => schedule({ step: at, total, stepsPerEpoch }));

test('step changes after a number of steps or epochs, or a fraction of the stage', () => {
  expect(values(step({ from: 8, factor: 0.5, every: { steps: 2 } }), 7)).toEqual([8, 8, 4, 4, 2, 2, 1]);
  expect(values(step({ from: 8, factor: 0.5, every: { epochs: 1 } }), 6, 3)).toEqual([8, 8, 8, 4, 4, 4]);
  expect(values(step({ from: 8, factor: 0.5, every: { fraction: 0.5 } }), 4)).toEqual([8, 8, 4, 4]);
});

test('step changes at given places', () => {
  expect(values(step({ from: 8, factor: 0.5, at: [{ steps: 1 }, { epochs: 0.3 }, { fraction: 0.8 }] }), 5)).toEqual([8, 4, 4, 2, 1]);
});

test('epochs that are not a whole number of updates are rounded to the nearest', () => {
  const changes = values(step({ from: 1, factor: 2, every: { epochs: 0.25 } }), 20).flatMap((value, i, all) =>
    i > 0 && value !== all[i - 1] ? [i] : [],
  );
  expect(changes).toEqual([3, 5, 8, 10, 13, 15, 18]);
});

test('step with a factor above 1 rises up to the largest number', () => {
  expect(step({ from: 1, factor: 10, every: { steps: 1 } })({ step: 999_999, total: 1e6 })).toBe(3.4e38);
});

test('step refuses both of every and at, neither, and invalid lengths', () => {
  expect(() => step({ from: 8, factor: 0.5 })).toThrow('must have either every (the length between changes) or at (their places)');
  expect(() => step({ from: 8, factor: 0.5, every: { steps: 1 }, at: [{ steps: 3 }] })).toThrow('must have either every');
  expect(() => step({ from: 8, factor: 0.5, every: {} })).toThrow('step.every: must have exactly one of steps, epochs and fraction');
  expect(() => step({ from: 8, factor: 0.5, every: { steps: 0 } })).toThrow('step.every.steps: must be a finite number at least 1, got 0');
  expect(() => step({ from: 8, factor: 0.5, every: { epoch: 1 } as never })).toThrow('unknown option "epoch"; did you mean "epochs"?');
});

test('step names stepsPerEpoch when epochs are counted and it is missing', () => {
  expect(() => step({ from: 8, factor: 0.5, every: { epochs: 2 } })({ step: 0, total: 10 })).toThrow(
    'counts 2 epochs, and the number of updates in an epoch is not known\n  Pass stepsPerEpoch',
  );
});
