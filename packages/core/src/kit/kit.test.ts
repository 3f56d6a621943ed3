import { describe, expect, expectTypeOf, test } from 'vitest';
import { fc, test as property } from '@fast-check/vitest';
import { z } from 'zod';
import { TemperError } from '../errors.js';
import { progressOf } from '../progress.js';
import type { Schedule, TemperatureSchedule } from '../contracts/schedule.js';
import { defineLoss, definePlugin, defineSchedule, defineTemperature, defineWeighting } from './define.js';
import { formatPath, parsePath } from '../path.js';
import { createKit } from './kit.js';
import { configOf } from './tagged.js';

const line = defineSchedule({
  type: 'line',
  options: z.object({ from: z.number(), to: z.number().default(1) }),
  create:
    ({ from, to }) =>
    (at) =>
      from + (to - from) * progressOf(at),
});
const chain = defineSchedule({
  type: 'chain',
  options: (ref) => z.object({ of: z.array(ref.schedule).min(1), weights: z.record(z.string(), ref.schedule).optional() }),
  shorthand: 'of',
  create:
    ({ of }) =>
    (at) =>
      of.reduce((sum, part) => sum + part(at), 0),
});
const plain = defineSchedule({ type: 'plain', options: z.object({}), create: () => () => 7 });
const gauge = defineTemperature({
  type: 'gauge',
  options: z.object({}),
  create: (): TemperatureSchedule => ({ scalars: () => ({}), temperature: ({ student }) => student }),
});
const share = defineWeighting({
  type: 'share',
  options: z.object({ soft: z.number().min(0).max(1) }),
  create:
    ({ soft }) =>
    () => ({ soft, hard: 1 - soft }),
});
const zero = defineLoss({
  type: 'zero',
  options: z.object({}),
  create:
    () =>
    ({ student }) =>
      student,
});
const basics = definePlugin({ name: 'basics', provides: [line, chain, plain, gauge, share, zero] });
const kit = createKit({ plugins: [basics] });

const errorOf = (body: () => unknown): TemperError => {
  try {
    body();
  } catch (error) {
    expect(error).toBeInstanceOf(TemperError);
    return error as TemperError;
  }
  throw new Error('nothing was thrown');
};

describe('strategies from configs', () => {
  test('are built with defaults, nested ones included, and from numbers', () => {
    const at = { step: 0, total: 2 };
    expect(kit.schedule({ type: 'line', from: 20 })({ step: 1, total: 2 })).toBe(1);
    expect(kit.schedule({ type: 'chain', of: [2, { type: 'line', from: 3 }, { type: 'chain', of: [{ type: 'plain' }] }] })(at)).toBe(12);
    expect(kit.schedule(4)(at)).toBe(4);
    expect(kit.weighting({ soft: 0.5, hard: { type: 'line', from: 1, to: 0 } })).toMatchObject({ losses: ['soft', 'hard'] });
  });

  test('built strategies stand wherever configs do, and remember the config that says the same', () => {
    const built = chain([line({ from: 5 }), plain()]);
    expect(built({ step: 0, total: 2 })).toBe(12);
    expect(configOf(built)).toEqual({ type: 'chain', of: [{ type: 'line', from: 5 }, { type: 'plain' }] });
    expect(kit.schedule({ type: 'chain', of: [built, 1] })({ step: 0, total: 2 })).toBe(13);
    expect(kit.parse({ temperature: built }).temperature).toEqual({
      type: 'chain',
      of: [{ type: 'line', from: 5, to: 1 }, { type: 'plain' }],
    });
  });

  test('definitions written inside of a plug-in are known by type too, and a plug-in of services adds none', () => {
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

  test('have types that follow from the plug-ins', () => {
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

describe('mistakes in a config', () => {
  test.each([
    [
      { temperature: { type: 'lin', from: 1 } },
      'temperature.type: unknown temperature "lin"; did you mean "line"? Known: chain, gauge, line, plain',
    ],
    [{ temperature: { type: 'line' } }, 'temperature.from: is missing; it must be a number'],
    [{ temperature: { type: 'line', from: '20' } }, 'temperature.from: must be a number, got "20"'],
    [{ temperature: { type: 'line', from: NaN } }, 'temperature.from: must be a finite number, got NaN'],
    [{ temperature: Infinity }, 'temperature: must be a finite number or a schedule, got Infinity'],
    [{ temperature: { type: 'line', from: 1, frm: 2 } }, 'temperature.frm: unknown option "frm"; did you mean "from"?'],
    [{ temperature: 'hot' }, 'temperature: must be a temperature, for instance 4, got "hot"'],
    [
      { stages: [{ epochs: 1, temperature: { type: 'chain', of: [1, { type: 'line', from: null }] } }] },
      'stages[0].temperature.of[1].from: must be a number, got null',
    ],
    [{ stages: [{ epochs: 0 }] }, 'stages[0].epochs: must be a finite number at least 1, got 0'],
    [{ stages: [] }, 'stages: must have at least 1'],
    [{ stages: [{ epochs: 1 }], epochs: 3 }, 'epochs: not allowed together with `stages`'],
    [{ weighting: { type: 'share', soft: 1.5 } }, 'weighting.soft: must be a finite number at most 1, got 1.5'],
    [{ weighting: { soft: 'much' } }, 'weighting.soft: must be a schedule'],
    [{ losses: { 'my loss': { type: 'zero' } } }, 'must be a name of letters, digits, - and _'],
    [{ losses: {} }, 'losses: must have at least one loss'],
    [{ teacher: {} }, 'teacher: must be exactly one of: model'],
    [{ batchSize: 2.5 }, 'batchSize: must be a whole number, got 2.5'],
    [{ tempreature: 4 }, 'tempreature: unknown option "tempreature"; did you mean "temperature"?'],
    [{ name: '../elsewhere' }, 'name: must be a name of letters, digits'],
    [{ keep: 'bset' }, 'keep: must be "best", "last" or { "by": "nll" } with the name of a metric, got "bset"; did you mean "best"?'],
    [null, 'must be an object with options, got null'],
    [[], 'must be an object with options, got []'],
    [{ temperature: () => 4 }, 'temperature: is a function without a name'],
  ])('%j', (config, message) => {
    const error = errorOf(() => kit.parse(config));
    expect(error.message).toContain(message);
    expect(error.fault).toBe('user');
  });

  test('are all told at once', () => {
    const { message } = errorOf(() => kit.parse({ batchSize: 0, temperature: { type: 'line', from: 'x' } }));
    expect(message).toContain('2 mistakes in the config');
    expect(message).toContain('batchSize: must be a finite number at least 1, got 0');
    expect(message).toContain('temperature.from: must be a number, got "x"');
  });

  test('a weight below 0 is refused when its strategy is built', () => {
    expect(errorOf(() => kit.weighting({ soft: -1, hard: 1 })).message).toContain(
      'soft: must be a finite number at least 0 at every step, got -1',
    );
  });

  test('an adaptive temperature where only a schedule can stand says why', () => {
    expect(errorOf(() => kit.parse({ weighting: { soft: { type: 'gauge' } } })).message).toContain(
      'weighting.soft.type: unknown schedule "gauge"',
    );
  });
});

describe('laws', () => {
  const schedule = fc.letrec<{ one: object | number }>((tie) => ({
    one: fc.oneof(
      { depthSize: 'small' },
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.record({ type: fc.constant('line'), from: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
      fc.constant({ type: 'plain' }),
      fc.record({ type: fc.constant('chain'), of: fc.array(tie('one'), { minLength: 1, maxLength: 3 }) }),
    ),
  })).one;

  property.prop([schedule])('a parsed config parses to itself, through JSON too', (temperature) => {
    const parsed = kit.parse({ temperature });
    expect(kit.parse(parsed)).toEqual(parsed);
    // JSON knows no −0.
    expect(JSON.stringify(kit.parse(JSON.parse(JSON.stringify(parsed))))).toBe(JSON.stringify(parsed));
  });

  property.prop([fc.anything()])('anything at all is parsed or refused with a TemperError', (anything) => {
    for (const body of [
      () => kit.parse(anything),
      () => kit.parse({ temperature: anything }),
      () => kit.build('loss', anything),
      () => kit.build('weighting', anything),
    ]) {
      try {
        body();
      } catch (error) {
        expect(error).toBeInstanceOf(TemperError);
      }
    }
  });
});

test('a weight below 0 in a record is refused under the place of the weighting', () => {
  expect(() => kit.build('weighting', { soft: -1, hard: 1 }, ['stages', 0, 'weighting'])).toThrow(
    'stages[0].weighting.soft: must be a finite number at least 0',
  );
});

test('a path is read as it is written, names in quotes too', () => {
  const paths = [['a"b\\c', 0, 'plain'], ['with space', '1', 'tab\t'], ['x.y[0]']];
  for (const path of paths) expect(parsePath(formatPath(path))).toEqual(path);
  expect(parsePath('a["no \\q escape"]')).toEqual(['a', 'no \\q escape']);
});

describe('plug-ins', () => {
  test('two definitions of one name are refused, both plug-ins named', () => {
    const again = definePlugin({ name: 'again', provides: [line] });
    expect(errorOf(() => createKit({ plugins: [basics, again] })).message).toContain(
      'schedule "line" is defined by plug-in "basics" and again by plug-in "again"',
    );
    expect(errorOf(() => createKit({ plugins: [basics, basics] })).message).toContain('plug-in "basics" is listed twice');
  });

  test('a missing requirement is named, whatever the order', () => {
    const needs = definePlugin({ name: 'needs', requires: ['basics'], provides: [] });
    expect(errorOf(() => createKit({ plugins: [needs] })).message).toContain(
      'plug-in "needs" requires plug-in "basics", which is not listed',
    );
    expect(createKit({ plugins: [needs, basics] }).definitions.length).toBeGreaterThan(5);
  });

  test.each([[undefined], [3], [() => line], [{ name: 'x' }]])('%j is no plug-in', (wrong) => {
    expect(errorOf(() => createKit({ plugins: [basics, wrong as never] })).message).toContain(
      'plugins[1]: must be a plug-in (definePlugin) or a definition',
    );
  });

  test('a definition whose create fails or returns nonsense is named', () => {
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
  test('names every definition and its options', () => {
    const schema = JSON.stringify(kit.jsonSchema());
    for (const { type } of kit.definitions) expect(schema).toContain(`"const":"${type}"`);
    expect(kit.jsonSchema()).toMatchObject({ type: 'object', additionalProperties: false, properties: { stages: { type: 'array' } } });
  });
});
