import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineSchedule, type Kit, createKit, progressOf } from '../../index.js';
import type { Json } from '../../json.js';
import { checkTemperature } from './check-temperature.js';
import { knotsOf } from './knots.js';

const line = defineSchedule({
  type: 'line',
  options: z.strictObject({ from: z.number(), to: z.number() }),
  create:
    ({ from, to }) =>
    (at) => {
      const p = progressOf(at);
      return p === 1 ? to : from + (to - from) * p;
    },
});
const halves = defineSchedule({
  type: 'halves',
  options: (ref) => z.strictObject({ of: z.array(ref.schedule).length(2), delay: z.number().default(0) }),
  create:
    ({ of: [first, second] }) =>
    ({ step, total }) =>
      (step < total / 2 ? first?.({ step, total: total / 2 }) : second?.({ step: step - total / 2, total: total / 2 })) ?? Number.NaN,
});
const kit = createKit({ plugins: [line, halves] }) as unknown as Kit;
const check = (config: Json, total = 100): void => {
  const build = (one: Json) => kit.build('temperature', one);
  checkTemperature(build(config), { total }, 'stages[0].temperature', { config, build });
};

describe('temperatures that are not above 0', () => {
  test('the message names the option that sets the temperature and the update', () => {
    expect(() => check({ type: 'halves', of: [4, { type: 'line', from: -3, to: 1 }] })).toThrow(
      'stages[0].temperature.of[1].from: must be a finite number above 0, got -3\n  The temperature is -3 at step 50 of 100',
    );
    expect(() => check({ type: 'line', from: 20, to: -3 })).toThrow(
      'stages[0].temperature.to: must be a finite number above 0, got -3\n  The temperature is -0.',
    );
    expect(() => check(0)).toThrow('stages[0].temperature: must be a finite number above 0, got 0');
  });

  test('an option that has the same number by chance is not named', () => {
    expect(() => check({ type: 'halves', delay: 0, of: [{ type: 'line', from: 4, to: 0 }, 3] })).toThrow(
      'stages[0].temperature.of[0].to: ',
    );
  });

  test('the message names the update when no option sets the temperature', () => {
    expect(() => checkTemperature(({ step }) => 3 - step, { total: 5 }, 'temperature')).toThrow(
      'temperature: must be a finite number above 0 at every update, got -1 at step 4 of 5\n  The temperature is 0 at step ' +
        '3 for the first time',
    );
    expect(() => checkTemperature(() => Number.NaN, { total: 5 }, 'temperature')).toThrow('got NaN at step 0 of 5');
    expect(() => checkTemperature(() => 1e-60, { total: 1 }, 'temperature')).toThrow('got 1e-60');
    expect(() => checkTemperature(() => 1e60, { total: 1 }, 'temperature')).toThrow('got 1e+60');
  });

  test('a temperature of 0 at the last of many updates is found', () => {
    const dip =
      (where: number) =>
      ({ step }: { step: number }) =>
        step === where ? 0 : 1;
    expect(() => checkTemperature(dip(1_999_999_998), { total: 2_000_000_000 }, 'temperature')).toThrow('at step 1999999998 of 2000000000');
    expect(() => checkTemperature(dip(31_337), { total: 100_000 }, 'temperature')).toThrow('at step 31337 of 100000');
  });
});

test('the check reads a limited number of updates and the last of each stage', () => {
  const seen = (stages: number): number[] => {
    const steps: number[] = [];
    checkTemperature(({ step }) => (steps.push(step), 1), { total: 1_000_000_000 }, 'temperature', undefined, stages);
    return steps;
  };
  expect(seen(1).length).toBeLessThan(250_000);
  const few = seen(10_000);
  expect(few.length).toBeLessThan(200);
  expect(few.at(-1)).toBe(999_999_999);
  expect(few.every(Number.isInteger)).toBe(true);
});

test('the check gives schedules the progress of the run and epochs', () => {
  const seen: number[] = [];
  checkTemperature(
    ({ run, stepsPerEpoch }) => (seen.push(run?.step ?? -1), stepsPerEpoch ?? 0),
    { total: 3, stepsPerEpoch: 2, run: { step: 7, total: 10 } },
    'temperature',
  );
  expect(seen).toEqual([7, 8, 9]);
});

test('an error of a strategy has its place', () => {
  const broken = {
    scalars: () => {
      throw new Error('no idea');
    },
  };
  expect(() => checkTemperature(broken, { total: 1 }, 'temperature')).toThrow('temperature: failed during training: no idea');
});

test('numbers of a policy in the graph must be finite and need not be positive', () => {
  const policy = (shift: number) => ({
    scalars: () => ({ shift }),
    temperature: () => {
      throw new Error('not called');
    },
  });
  expect(() => checkTemperature(policy(-1), { total: 3 }, 'temperature')).not.toThrow();
  expect(() => checkTemperature(policy(Infinity), { total: 3 }, 'temperature')).toThrow(
    'temperature.shift: must be a finite number at every update, got Infinity at step 0 of 3',
  );
});

describe('updates at which a schedule bends or jumps', () => {
  const points = [
    { at: 0, value: 4 },
    { at: 700, value: 2 },
  ];
  test.each<[string, Json, readonly number[]]>([
    ['points counted in steps', { type: 'piecewise', unit: 'steps', points }, [0, 700]],
    ['points counted in epochs', { type: 'piecewise', unit: 'epochs', points: [{ at: 2.5, value: 1 }] }, [250]],
    ['points as fractions', { type: 'piecewise', points: [{ at: 0.5, value: 1 }] }, [499, 500]],
    ['lengths one after the other', { type: 'warm-up-hold-decay', warmUp: { steps: 100 }, hold: { fraction: 0.2 } }, [100, 300]],
    ['places of changes', { type: 'step', from: 4, factor: 0.5, at: [{ epochs: 3 }, { fraction: 0.9 }] }, [300, 900]],
    ['cycles', { type: 'cyclic', from: 1, to: 2, cycles: 10 }, [50, 100, 900, 950]],
    ['parts of a sequence', { type: 'sequence', of: [4, 3, 2], lengths: [{ steps: 10 }, { steps: 5 }] }, [10, 15]],
    ['points in a part', { type: 'sequence', of: [4, { type: 'piecewise', points }], lengths: [{ steps: 10 }] }, [10]],
    [
      'a repeated schedule',
      { type: 'repeat', of: { type: 'piecewise', unit: 'steps', points: [{ at: 3, value: 1 }] }, times: 100 },
      [3, 13, 993],
    ],
    ['a reversed schedule', { type: 'reverse', of: { type: 'piecewise', unit: 'steps', points } }, [299, 999]],
    [
      'a schedule over the whole run',
      { type: 'global', of: { type: 'piecewise', unit: 'steps', points: [{ at: 2100, value: 1 }] } },
      [100],
    ],
    [
      'schedules inside of other operators',
      { type: 'sum', of: [{ type: 'scale', by: 2, of: { type: 'piecewise', unit: 'steps', points } }, 1] },
      [700],
    ],
    ['a number', 4, []],
    ['a value that is not a schedule', { type: 'toString', of: null, points: 4, lengths: 'x', cycles: 0, times: 'y' }, []],
  ])('bends and jumps of %s are found', (_, config, expected) => {
    const knots = knotsOf(config, { total: 1000, stepsPerEpoch: 100, run: { step: 2000, total: 9000, stepsPerEpoch: 100 } });
    for (const knot of expected) expect(knots).toContain(knot);
    if (expected.length === 0) expect(knots).toEqual([]);
  });

  test('bends and jumps are checked for any number and length of stages', () => {
    const spike = defineSchedule({
      type: 'spike',
      options: z.strictObject({ at: z.strictObject({ steps: z.int() }) }),
      create:
        ({ at: { steps } }) =>
        ({ step }) =>
          step === steps ? -5 : 4,
    });
    const built = spike({ at: { steps: 123_456_789 } });
    expect(() => checkTemperature(built, { total: 1_000_000_000 }, 'temperature', undefined, 10_000)).toThrow('got -5 at step 123456789');
  });
});
