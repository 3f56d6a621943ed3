import { expect, test } from 'vitest';
import { warmUpHoldDecay } from './warm-up-hold-decay.js';

const shape = { from: 0, peak: 4, to: 1, decay: 'linear' } as const;

test('warm-up-hold-decay holds its peak for the given updates and has an exact end', () => {
  const value = warmUpHoldDecay({ ...shape, warmUp: { steps: 2 }, hold: { steps: 3 } });
  expect(Array.from({ length: 8 }, (_, step) => value({ step, total: 8 }))).toEqual([0, 2, 4, 4, 4, 3, 2, 1]);
});

test('the lengths of warm-up-hold-decay may be epochs and fractions', () => {
  const value = warmUpHoldDecay({ ...shape, warmUp: { epochs: 0.5 }, hold: { fraction: 0.5 } });
  expect(Array.from({ length: 8 }, (_, step) => value({ step, total: 8, stepsPerEpoch: 4 }))).toEqual([0, 2, 4, 4, 4, 4, 2.5, 1]);
});

test('warm-up-hold-decay keeps its value when the run ends before the decay', () => {
  const value = warmUpHoldDecay({ ...shape, warmUp: { steps: 10 }, hold: { steps: 10 } });
  expect(value({ step: 4, total: 5 })).toBe(1.6);
  expect(value({ step: 400, total: 5 })).toBe(1.6);
});

test('warm-up-hold-decay names a missing option', () => {
  expect(() => warmUpHoldDecay({ ...shape, warmUp: { steps: 1 } } as never)).toThrow(
    'warm-up-hold-decay.hold: is missing; it must be an object with options',
  );
});
