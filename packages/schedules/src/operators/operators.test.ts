import { createKit, type Progress } from '@temper/core';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { Schedule } from '@temper/core';
import { flsw, hold, linear, max, min, offset, product, scale, schedules, sequence, step, sum } from '../index.js';

const down = linear({ from: 20, to: 1 });
const at = (step: number, total = 20): Progress => ({ step, total, stepsPerEpoch: 5 });
const values = (schedule: Schedule, total = 20): number[] => Array.from({ length: total }, (_, step) => schedule(at(step, total)));

test('scale, offset, sum, product, min and max compute their values', () => {
  expect(values(scale({ of: down, by: -2 }))).toEqual(values(down).map((value) => -2 * value));
  expect(values(offset({ of: down, by: 3 }))).toEqual(values(down).map((value) => value + 3));
  expect(values(sum([down, 2, down]))).toEqual(values(down).map((value) => value + 2 + value));
  expect(values(product([down, 0.5, down]))).toEqual(values(down).map((value) => value * 0.5 * value));
  expect(values(min([down, 10]))).toEqual(values(down).map((value) => Math.min(value, 10)));
  expect(values(max([down, 10, 12]))).toEqual(values(down).map((value) => Math.max(value, 12)));
});

test('an operator over schedules is typed as a schedule, else as not callable', () => {
  expectTypeOf(sequence([down, hold(4), 2])).toEqualTypeOf<Schedule>();
  expectTypeOf(scale({ of: step({ from: 4, factor: 0.5, every: { steps: 5 } }), by: 2 })).toEqualTypeOf<Schedule>();
  const mixed = sequence([down, flsw({ base: 4 })]);
  // @ts-expect-error: it needs logits
  expect(() => mixed(at(0))).toThrow();
});

test('operators built in code equal those in JSON, and keep their config', () => {
  const kit = createKit({ plugins: [schedules] });
  const built = sequence([linear({ from: 20, to: 4 }), hold(4)]);
  const config = {
    type: 'sequence',
    of: [
      { type: 'linear', from: 20, to: 4 },
      { type: 'hold', value: 4 },
    ],
  } as const; // prettier-ignore
  expect(values(kit.schedule(config))).toEqual(values(built));
  expect(kit.parse({ temperature: built }).temperature).toEqual(config);
});

describe('refusals', () => {
  const kit = createKit({ plugins: [schedules] });
  test.each([
    [{ type: 'sequence', of: [] }, 'temperature.of: must have at least 1 entries, got 0'],
    [{ type: 'sequence', of: [4, { type: 'linear', from: 'x', to: 1 }] }, 'temperature.of[1].from: must be a number, got "x"'],
    [{ type: 'sequence', of: [4, 2], lengths: [] }, 'temperature.lengths: must have one entry fewer than `of`'],
    [{ type: 'sequence', of: [4, 2], lengths: [{ steps: 1.5 }] }, 'temperature.lengths[0].steps: must be a whole number, got 1.5'],
    [
      { type: 'sum', of: [4, { type: 'liner', from: 1, to: 2 }] },
      'temperature.of[1].type: unknown temperature "liner"; did you mean "linear"?',
    ],
    [{ type: 'repeat', of: 4, times: 0 }, 'temperature.times: must be a finite number at least 1, got 0'],
    [{ type: 'scale', of: { type: 'offset', of: 4 }, by: 2 }, 'temperature.of.by: is missing; it must be a number'],
  ])('%j is refused with its path', (config, message) => {
    expect(() => kit.build('temperature', config, ['temperature'])).toThrow(message);
  });
});
