import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { TemperError } from '../errors.js';
import { limits } from '../limits.js';
import { checkNesting } from './check-nesting.js';
import { definePlugin, defineSchedule } from './define.js';
import { createKit } from './kit.js';

const half = defineSchedule({
  type: 'half',
  options: (ref) => z.strictObject({ of: ref.schedule }),
  create:
    ({ of }) =>
    (at) =>
      of(at) / 2,
});
const kit = createKit({ plugins: [definePlugin({ name: 'nesting', provides: [half] })] });

/** `{ of: { of: … 2 } }` with so many levels. */
const nested = (levels: number): unknown => Array.from({ length: levels }).reduce<unknown>((of) => ({ type: 'half', of }), 2);

function errorOf(body: () => unknown): TemperError {
  try {
    body();
  } catch (error) {
    expect(error).toBeInstanceOf(TemperError);
    return error as TemperError;
  }
  throw new Error('nothing was refused');
}

const circle: { of: unknown } = { of: 1 };
circle.of = [circle];

describe('configs that nest too deeply', () => {
  test.each<[string, () => unknown, string]>([
    ['a run of 100,000 levels', () => kit.parse({ temperature: nested(100_000) }), 'temperature.of.of.of: has more than 100 levels'],
    ['a schedule of 500 levels', () => kit.schedule(nested(500) as never), 'of.of.of.of: has more than 100 levels'],
    [
      'lists of 10,000 levels',
      () => kit.parse({ stages: Array.from({ length: 1e4 }).reduce<unknown>((of) => [of], 1) }),
      'stages[0][0][0]: has more than',
    ],
    ['a circle', () => kit.parse({ temperature: circle }), 'temperature.of[0]: contains itself'],
    [
      'a getter that throws',
      () =>
        kit.parse({
          get seed() {
            throw new Error('no luck');
          },
        }),
      'seed: cannot be read: no luck',
    ],
    [
      'a getter that throws inside of a list',
      () =>
        kit.parse({
          stages: [
            {
              get epochs() {
                throw new Error('again');
              },
            },
          ],
        }),
      'stages[0].epochs: cannot be read: again',
    ],
    [
      'a weight named __proto__',
      () => kit.parse({ weighting: JSON.parse('{"__proto__": 1}') as object }),
      'an option cannot have this name',
    ],
    ['more values than a config can have', () => kit.parse({ seed: new Array(limits.values + 1).fill(0) }), 'more than 1,000,000 values'],
  ])('%s is refused at its path', (_, body, message) => {
    const error = errorOf(body);
    expect(error.code).toBe('config/invalid');
    expect(error.message).toContain(message);
    expect(error.message.length).toBeLessThan(500);
  });

  test('a config with the maximum of levels is built', () => {
    expect(kit.schedule(nested(limits.depth) as never)({ step: 0, total: 1 })).toBe(2 / 2 ** limits.depth);
  });

  test('an object that occurs twice is not a circle', () => {
    const part = { type: 'half', of: 4 } as const;
    expect(() => checkNesting({ a: part, b: [part, part] })).not.toThrow();
  });

  test.prop([fc.jsonValue({ maxDepth: 5 })])('every JSON value of few levels is accepted', (value) => {
    fc.pre(!JSON.stringify(value).includes('__proto__'));
    expect(() => checkNesting(value)).not.toThrow();
  });
});

describe('values that JSON cannot hold', () => {
  test.each<[string, unknown, string]>([
    ['a BigInt', 10n, 'must be a number, got 10'],
    ['an object with a BigInt', { a: 10n }, 'must be a number, got a value of type object'],
    ['a symbol', Symbol('s'), 'must be a number, got symbol'],
  ])('%s in place of a number is refused with its type', (_, seed, message) => {
    expect(errorOf(() => kit.parse({ seed })).message).toBe(`seed: ${message}`);
  });
});

describe('configs with very many mistakes', () => {
  test('the message lists ten mistakes and counts the others', () => {
    const { message } = errorOf(() => kit.parse({ reporters: new Array(100_000).fill(1) }));
    expect(message).toContain('100,000 mistakes in the config');
    expect(message).toContain('and 99,990 more');
    expect(message.split('\n')).toHaveLength(12);
  });

  test('the message lists ten unknown options and counts the others', () => {
    const { message } = errorOf(() => kit.parse(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`option${i}`, i]))));
    expect(message).toContain('unknown option "option9" and 4,990 more; allowed: ');
    expect(message.length).toBeLessThan(1500);
  });

  test('the message shortens a long value in its middle', () => {
    const { message } = errorOf(() => kit.parse({ seed: `a${'x'.repeat(1e6)}z` }));
    expect(message).toMatch(/^seed: must be a number, got "ax+…x+z"$/);
  });

  test('named properties of a list are ignored', () => {
    const reporters = Object.assign([1], { circle });
    expect(errorOf(() => kit.parse({ reporters })).message).toContain('reporters[0]: must be a reporter');
    expect(errorOf(() => kit.parse({ temperature: { type: 'half', of: Object.assign([1], { circle }) } })).message).toContain(
      'temperature.of: must be',
    );
  });

  test('the message escapes a line end in a name', () => {
    for (const config of [{ 'a\nwarning: b': 1 }, { temperature: { type: 'a\nwarning: b' } }])
      expect(errorOf(() => kit.parse(config)).message).toContain('"a\\nwarning: b"');
  });
});
