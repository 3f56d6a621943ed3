import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import type { Schedule, TemperatureSchedule } from '../contracts/schedule.js';
import { definePlugin, defineSchedule, defineTemperature } from './define.js';
import { createKit } from './kit.js';
import { configOf } from './tagged.js';
import { line, chain, plain, basics, kit, errorOf } from './fixtures.js';

describe('strategies from configs', () => {
  test('strategies are built from numbers and configs with defaults and nesting', () => {
    const at = { step: 0, total: 2 };
    expect(kit.schedule({ type: 'line', from: 20 })({ step: 1, total: 2 })).toBe(1);
    expect(kit.schedule({ type: 'chain', of: [2, { type: 'line', from: 3 }, { type: 'chain', of: [{ type: 'plain' }] }] })(at)).toBe(12);
    expect(kit.schedule(4)(at)).toBe(4);
    expect(kit.weighting({ soft: 0.5, hard: { type: 'line', from: 1, to: 0 } })).toMatchObject({ losses: ['soft', 'hard'] });
  });

  test('built strategies are accepted in place of configs and keep their config', () => {
    const built = chain([line({ from: 5 }), plain()]);
    expect(built({ step: 0, total: 2 })).toBe(12);
    expect(configOf(built)).toEqual({ type: 'chain', of: [{ type: 'line', from: 5 }, { type: 'plain' }] });
    expect(kit.schedule({ type: 'chain', of: [built, 1] })({ step: 0, total: 2 })).toBe(13);
    expect(kit.parse({ temperature: built }).temperature).toEqual({
      type: 'chain',
      of: [{ type: 'line', from: 5, to: 1 }, { type: 'plain' }],
    });
  });

  test('definitions given inside of a plug-in are known by their type', () => {
    const inside = definePlugin({
      name: 'inside',
      provides: [
        defineTemperature({ type: 'shy', options: z.object({}), create: (): TemperatureSchedule => ({ scalars: () => ({ value: 2 }) }) }),
        defineSchedule({
          type: 'flat',
          options: z.object({ value: z.number() }),
          create:
            ({ value }) =>
            () =>
              value,
        }),
      ],
    });
    const services = definePlugin({ name: 'services', services: () => undefined });
    const own = createKit({ plugins: [inside, services] });
    expect(own.schedule({ type: 'flat', value: 3 })({ step: 0, total: 1 })).toBe(3);
    // @ts-expect-error no such schedule
    expect(() => own.schedule({ type: 'flatt', value: 3 })).toThrow('did you mean "flat"?');
  });

  test('the types of strategies follow from the plug-ins', () => {
    expectTypeOf(kit.schedule).returns.toEqualTypeOf<Schedule>();
    expectTypeOf(kit.temperature).returns.toEqualTypeOf<Schedule | TemperatureSchedule>();
    // Never called: these lines are for the compiler.
    const wrong = (): void => {
      // @ts-expect-error no such schedule
      kit.schedule({ type: 'lin', from: 1 });
      // @ts-expect-error a missing option
      kit.schedule({ type: 'line' });
      // @ts-expect-error a wrong option inside a nested strategy
      kit.schedule({ type: 'chain', of: [{ type: 'line', form: 1 }] });
      // @ts-expect-error an adaptive temperature is no schedule
      kit.schedule({ type: 'gauge' });
      // @ts-expect-error a loss is no temperature
      void kit.run({ temperature: { type: 'zero' } });
      void kit.run({ temperature: { type: 'gauge' }, stages: [{ epochs: 1, temperature: { type: 'line', from: 2 } }] });
    };
    expect(wrong).toBeTypeOf('function');
  });
});

describe('plug-ins', () => {
  test('two definitions of one name are refused with both plug-ins named', () => {
    const again = definePlugin({ name: 'again', provides: [line] });
    expect(errorOf(() => createKit({ plugins: [basics, again] })).message).toContain(
      'schedule "line" is defined by plug-in "basics" and again by plug-in "again"',
    );
    expect(errorOf(() => createKit({ plugins: [basics, basics] })).message).toContain('plug-in "basics" is listed twice');
  });

  test('a missing requirement is named for any order of plug-ins', () => {
    const needs = definePlugin({ name: 'needs', requires: ['basics'], provides: [] });
    expect(errorOf(() => createKit({ plugins: [needs] })).message).toContain(
      'plug-in "needs" requires plug-in "basics", which is not listed',
    );
    expect(createKit({ plugins: [needs, basics] }).definitions.length).toBeGreaterThan(5);
  });

  test.each([[undefined], [3], [() => line], [{ name: 'x' }]])('%j is refused as a plug-in', (wrong) => {
    expect(errorOf(() => createKit({ plugins: [basics, wrong as never] })).message).toContain(
      'plugins[1]: must be a plug-in (definePlugin) or a definition',
    );
  });

  test('a definition whose create throws or returns a wrong value is named', () => {
    const failing = defineSchedule({
      type: 'failing',
      options: z.object({}),
      create: () => {
        throw new Error('no luck');
      },
    });
    const nothing = defineSchedule({ type: 'nothing', options: z.object({}), create: (() => undefined) as never });
    const broken = createKit({ plugins: [failing, nothing] });
    expect(errorOf(() => broken.schedule({ type: 'failing' })).message).toContain(
      'schedule "failing" failed while it was created: no luck',
    );
    expect(errorOf(() => broken.schedule({ type: 'nothing' } as never)).message).toContain(
      'schedule "nothing" created nothing instead of a schedule',
    );
  });
});

describe('JSON Schema', () => {
  test('the JSON Schema has every definition and its options', () => {
    const schema = JSON.stringify(kit.jsonSchema());
    for (const { type } of kit.definitions) expect(schema).toContain(`"const":"${type}"`);
    expect(kit.jsonSchema()).toMatchObject({ type: 'object', additionalProperties: false, properties: { stages: { type: 'array' } } });
  });
});
