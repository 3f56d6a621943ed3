import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { limits } from '../limits.js';
import type { Preparation } from '../contracts/data.js';
import { checkFacts, fitsNetwork } from './check-preparation.js';
import { affineOf, conversion, encode, prepare, samePreparation, showPreparation, type NumberPreparation } from './prepare.js';

const width = 3;
const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const columns = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(of, { minLength: width, maxLength: width });
const numberPreparation: fc.Arbitrary<NumberPreparation> = fc.oneof(
  fc.constant({ type: 'none' } as const),
  fc.double({ min: 1e-3, max: 1e3, noNaN: true }).map((factor) => ({ type: 'scale', factor }) as const),
  fc
    .tuple(columns(number), columns(fc.double({ min: 1e-2, max: 1e4, noNaN: true })))
    .map(([mean, deviation]) => ({ type: 'standardise', mean, deviation }) as const),
);

describe('prepare', () => {
  test('prepare subtracts large means in float64, so that time stamps stay accurate', () => {
    const start = 1_700_000_000;
    const raw = [0, 1, 2, 3].map((i) => start + i);
    const prepared = prepare(raw, { type: 'standardise', mean: [start + 1.5], deviation: [Math.sqrt(1.25)] });
    [-1.5, -0.5, 0.5, 1.5].forEach((x, i) => expect(prepared[i]).toBe(Math.fround(x / Math.sqrt(1.25))));
  });

  test.prop([columns(number), numberPreparation])('prepare is the linear function of affineOf', (raw, preparation) => {
    const { factor, offset } = affineOf(preparation);
    prepare(raw, preparation).forEach((value, i) => {
      const [f, o] = [factor[factor.length === 1 ? 0 : i] as number, offset[offset.length === 1 ? 0 : i] as number];
      const x = raw[i] as number;
      expect(Math.abs(value - (x * f + o))).toBeLessThanOrEqual(1e-6 * (Math.abs(x * f) + Math.abs(o) + 1e-30));
    });
  });

  test.prop([columns(number), numberPreparation, numberPreparation])('conversion gives one preparation from another', (raw, from, to) => {
    const line = conversion(from, to);
    const at = (values: readonly number[] | undefined, i: number): number => values?.[values.length === 1 ? 0 : i] as number;
    raw.forEach((x, i) => {
      const through = (of: NumberPreparation): number => at(affineOf(of).factor, i) * x + at(affineOf(of).offset, i);
      const largest =
        Math.abs(at(line?.factor, i) * through(from)) +
        Math.abs(at(line?.offset, i)) +
        Math.abs(at(affineOf(to).offset, i)) +
        Math.abs(x) +
        1e-300;
      expect(Math.abs(at(line?.factor, i) * through(from) + at(line?.offset, i) - through(to))).toBeLessThanOrEqual(1e-6 * largest);
    });
  });

  test('conversion is undefined for texts and for samples of different sizes', () => {
    const text: Preparation = { type: 'vocabulary', characters: ['a', 'b'] };
    const of = (length: number): Preparation => ({
      type: 'standardise',
      mean: Array(length).fill(0) as number[],
      deviation: Array(length).fill(1) as number[],
    });
    expect(conversion(text, { type: 'none' })).toBeUndefined();
    expect(conversion(of(2), of(3))).toBeUndefined();
  });

  test('encode gives positions in the vocabulary and names a missing character', () => {
    expect([...encode('abba', ['a', 'b'], 'x')]).toEqual([0, 1, 1, 0]);
    expect(() => encode('abc', ['a', 'b'], 'samples[0]')).toThrow(
      'samples[0]: character 2 is "c", which is not in the vocabulary of 2 characters',
    );
  });
});

describe('two preparations', () => {
  test.prop([numberPreparation])('a preparation equals itself after a conversion to JSON and back', (preparation) => {
    expect(samePreparation(preparation, JSON.parse(JSON.stringify(preparation)) as Preparation)).toBe(true);
  });

  test('preparations with the same effect are equal for any notation', () => {
    expect(samePreparation({ type: 'none' }, { type: 'scale', factor: 1 })).toBe(true);
    expect(samePreparation({ type: 'none' }, { type: 'scale', factor: 2 })).toBe(false);
    expect(samePreparation({ type: 'none' }, { type: 'vocabulary', characters: ['a'] })).toBe(false);
    expect(samePreparation({ type: 'vocabulary', characters: ['a'] }, { type: 'vocabulary', characters: ['a'] })).toBe(true);
  });

  test('a preparation is described in a few words', () => {
    expect(showPreparation({ type: 'scale', factor: 1 / 255 })).toBe('scale by 0.003922');
    expect(showPreparation({ type: 'standardise', mean: [1, 2, 3, 4], deviation: [1, 1, 1, 1] })).toBe(
      'standardise with means 1, 2, 3, … and deviations 1, 1, 1, …',
    );
  });
});

describe('preparations within a network', () => {
  test.each<[string, Preparation, boolean]>([
    ['factors', { type: 'scale', factor: 1 / 255 }, true],
    ['columns of any size that vary by a share of it', { type: 'standardise', mean: [1e9, 1e-9], deviation: [1e8, 1e-9] }, true],
    ['time stamps of some days', { type: 'standardise', mean: [1.7e9], deviation: [1e5] }, false],
    ['time stamps whose values happen to be exact in float32', { type: 'standardise', mean: [1.7e9], deviation: [1e5], rounding: 0 }, true],
    ['texts', { type: 'vocabulary', characters: ['a'] }, false],
  ])('a network can contain a preparation or not: %s', (_, preparation, expected) => {
    expect(fitsNetwork(preparation)).toBe(expected);
  });
});

test.each<[object, string]>([
  [{ classNames: ['a'] }, 'classNames: must name the 2 classes, got 1 names'],
  [{ classNames: ['a', 'a'] }, 'classNames: must differ from each other, got "a" twice'],
  [{ inputNames: ['a', 'b'] }, 'inputNames: must name the 4 numbers of a sample, got 2 names'],
  [{ preparation: { type: 'standardise', mean: [1], deviation: [1] } }, 'preparation.mean: must have 4 numbers'],
  [{ preparation: { type: 'standardise', mean: [1], deviation: [0] } }, 'preparation: is not a preparation that Temper knows'],
  [{ preparation: { type: 'scale', factor: Number.NaN } }, 'preparation: is not a preparation that Temper knows'],
  [{ preparation: { type: 'whiten' } }, 'preparation: is not a preparation that Temper knows'],
])('checkFacts refuses %j', (wrong, message) => {
  expect(() => checkFacts({ inputShape: [2, 2], classes: 2, batch: () => undefined, ...wrong } as never)).toThrow(message);
});

test('checkFacts finds a duplicate among the maximum number of class names', () => {
  const classNames = Array.from({ length: limits.classes }, (_, i) => `class ${i}`);
  const facts = (names: readonly string[]) => ({ inputShape: [1], classes: names.length, classNames: names });
  expect(() => checkFacts(facts(classNames))).not.toThrow();
  expect(() => checkFacts(facts([...classNames, 'class 999999']))).toThrow('got "class 999999" twice');
});
