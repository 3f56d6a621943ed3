import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { parseNumber } from './parse-number.js';

/** The value and the end of the number that a text begins with. */
function parsed(text: string): { readonly value: number; readonly end: number } {
  const into = Float64Array.of(Number.NaN);
  const end = parseNumber(new TextEncoder().encode(`${text},`), 0, into, 0);
  return { value: into[0] as number, end };
}

const digits = (most: number) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: most }).map((all) => all.join(''));
const sign = fc.constantFrom('', '-', '+');
const decimal = fc
  .record({ sign, whole: digits(12), fraction: fc.option(digits(14), { nil: undefined }) })
  .map((one) => `${one.sign}${one.whole}${one.fraction === undefined ? '' : `.${one.fraction}`}`);
const exponential = fc
  .record({ mantissa: decimal, mark: fc.constantFrom('e', 'E'), sign, exponent: fc.integer({ min: 0, max: 30 }) })
  .map((one) => `${one.mantissa}${one.mark}${one.sign}${one.exponent}`)
  .filter((text) => Math.abs(Number(text)) < 3e38);
const float = fc.double({ noNaN: true, noDefaultInfinity: true, min: -3e38, max: 3e38 });

describe('parseNumber', () => {
  test.prop([fc.oneof(decimal, exponential)], { numRuns: 20_000 })('parseNumber gives the value of Number() for every notation', (text) => {
    expect(parsed(text)).toEqual({ value: Number(text), end: text.length });
  });

  test.prop([float, fc.integer({ min: 15, max: 21 })], { numRuns: 20_000 })(
    'parseNumber gives the value of Number() for 15 to 21 digits',
    (value, precision) => {
      for (const text of [String(value), value.toPrecision(precision)])
        expect(parsed(text)).toEqual({ value: Number(text), end: text.length });
    },
  );

  // Halfway between two neighbors in float64, and the last digit one more or one less.
  test.prop([fc.integer({ min: 2 ** 52, max: 2 ** 53 - 1 }), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 22 })], {
    numRuns: 20_000,
  })('parseNumber rounds like Number() near the middle of two neighbors', (mantissa, shift, places) => {
    const middle = (2n * BigInt(mantissa) + 1n) * 2n ** BigInt(shift);
    for (const whole of [middle - 1n, middle, middle + 1n]) {
      const written = String(whole).padStart(places + 1, '0');
      const text = places === 0 ? written : `${written.slice(0, -places)}.${written.slice(-places)}`;
      expect(parsed(text)).toEqual({ value: Number(text), end: text.length });
    }
  });

  test.each([
    ['-0', -0],
    ['.5', 0.5],
    ['7.', 7],
    ['00012', 12],
    ['9007199254740993', 9007199254740992],
    ['123456789012345678901234567890', Number('123456789012345678901234567890')],
    ['1e-40', 1e-40],
    ['0e999', 0],
    ['1e-999', 0],
    ['0.000000000000000000000000000001', 1e-30],
    ['340282346638528859811704183484516925440', 340282346638528859811704183484516925440],
  ])('parseNumber reads %s', (text, value) => {
    expect(parsed(text)).toEqual({ value, end: text.length });
  });

  test.each(['', '-', '.', 'e5', '-.', 'x', '1e', '1e+', '1e400', '-3.5e38', 'Infinity', '--1'])('parseNumber refuses %j', (text) => {
    expect(parsed(text).end).toBe(-1);
  });

  test.each([
    ['1.2.3', 3],
    ['12abc', 2],
    ['1e5e5', 3],
    ['0x10', 1],
  ])('parseNumber stops at the first character outside of a number in %s', (text, end) => {
    expect(parsed(text).end).toBe(end);
  });
});
