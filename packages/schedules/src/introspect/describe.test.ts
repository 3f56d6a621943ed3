import { createKit, defineSchedule, type AnyDefinition } from '@temper/core';
import { describe as group, expect, test } from 'vitest';
import { z } from 'zod';
import * as index from '../index.js';
import { describe } from './describe.js';

const { cosine, hold, linear, scale, schedules, sequence, warmUp } = index;
const definitions: readonly AnyDefinition[] = schedules.provides;
const words = (schedule: unknown): string => describe(schedule, definitions);

test('describe names the effect of a curve with its defaults', () => {
  expect(words({ type: 'linear', from: 20, to: 1 })).toBe('straight line from 20 to 1');
  expect(words({ type: 'polynomial', from: 20, to: 1 })).toBe('polynomial from 20 to 1, power 2');
  expect(words({ type: 'step', from: 20, factor: 0.5, every: { epochs: 1 } })).toBe('steps from 20, times 0.5 every 1 epoch');
  expect(words({ type: 'step', from: 20, factor: 0.5, at: [{ steps: 100 }, { fraction: 0.5 }] })).toBe(
    'steps from 20, times 0.5 at 100 steps, 50 %',
  );
  expect(words(4)).toBe('constant 4');
});

test('describe includes the parts of configs and of built schedules', () => {
  const built = sequence([linear({ from: 20, to: 4 }), hold(4)]);
  expect(words(built)).toBe('sequence of 1) straight line from 20 to 4, 2) hold at 4');
  expect(words({ type: 'sequence', of: [4, { type: 'cosine', from: 4, to: 1 }], lengths: [{ epochs: 2 }] })).toBe(
    'sequence of 1) 4, 2) cosine from 4 to 1 (for 2 epochs, then the rest)',
  );
  expect(words(scale({ of: warmUp({ of: cosine({ from: 4, to: 1 }), from: 1, over: { steps: 1 } }), by: 2 }))).toBe(
    '2 times (warm-up from 1 over 1 step, then (cosine from 4 to 1))',
  );
});

test('every definition has a description that names existing options', () => {
  const refs = { schedule: z.unknown(), temperature: z.unknown() };
  for (const { type, options } of definitions) {
    const schema = options(refs as never);
    expect(schema.description, type).toBeDefined();
    for (const [, name] of (schema.description as string).matchAll(/`(\w+)`/g)) expect(Object.keys(schema.shape), type).toContain(name);
  }
});

test('a definition without a description is named with its options', () => {
  const halving = defineSchedule({
    type: 'halving',
    options: z.strictObject({ from: z.number(), every: z.int() }),
    create:
      ({ from }) =>
      () =>
        from,
  });
  const kit = createKit({ plugins: [schedules, halving] });
  expect(describe({ type: 'clamp', of: { type: 'halving', from: 16, every: 100 }, min: 1 }, kit.definitions)).toBe(
    '(halving (from 16, every 100)), at least 1',
  );
});

group('refuses', () => {
  test.each([
    [
      'a name that nobody defined',
      { type: 'sequence', of: [{ type: 'linaer', from: 1, to: 2 }] },
      'of[0].type: unknown schedule "linaer"; did you mean "linear"?',
    ],
    ['a function without a config', () => 4, 'must be a schedule, its config or a number, got a function without a config'],
    ['a text', 'linear', 'must be a schedule, its config or a number, got "linear"'],
    ['null', null, 'got null'],
  ])('describe refuses %s', (_, schedule, message) => {
    expect(() => words(schedule)).toThrow(message);
  });
});
