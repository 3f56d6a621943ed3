import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compareInPairs } from './paired.js';
import { holm } from './holm.js';
import { tInterval } from './interval.js';
import { powerOf, seedsNeeded } from './power.js';
import { mean, standardDeviation } from './sample.js';

interface Golden {
  readonly samples: readonly ({ readonly variant: number[]; readonly baseline: number[] } & Readonly<
    Record<'mean' | 'deviation' | 'low' | 'high' | 'difference' | 'differenceLow' | 'differenceHigh' | 'p' | 'effect', number>
  >)[];
  readonly powers: readonly { readonly effect: number; readonly n: number; readonly power: number }[];
  readonly seeds: readonly { readonly effect: number; readonly n: number }[];
  readonly holm: readonly { readonly given: number[]; readonly corrected: number[] }[];
}
const golden = JSON.parse(readFileSync(new URL('golden.json', import.meta.url), 'utf8')) as Golden;

/** Equal to 1e-9 of the larger of the number and the scale of what it was computed from. */
const same = (got: number | undefined, want: number, scale = 0): void =>
  expect(Math.abs((got ?? NaN) - want)).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(want), scale));

test.each(golden.samples)('means, intervals and paired tests equal those of scipy, case %#', ({ variant, baseline, ...want }) => {
  same(mean(variant), want.mean);
  same(standardDeviation(variant), want.deviation);
  const interval = tInterval(variant);
  same(interval?.low, want.low, want.mean);
  same(interval?.high, want.high, want.mean);
  const pairs = compareInPairs(variant, baseline);
  same(pairs.difference, want.difference);
  same(pairs.interval?.low, want.differenceLow, Math.abs(want.difference));
  same(pairs.interval?.high, want.differenceHigh, Math.abs(want.difference));
  same(pairs.p, want.p);
  same(pairs.effect, want.effect);
});

test.each(golden.powers)('the power of $n pairs for an effect of $effect equals that of scipy', ({ effect, n, power }) => {
  same(powerOf(effect, n), power, 1);
});

test.each(golden.seeds)('an effect of $effect needs $n pairs', ({ effect, n }) => expect(seedsNeeded(effect)).toBe(n));

test.each(golden.holm)("Holm's correction equals that of statsmodels, case %#", ({ given, corrected }) => {
  holm(given).forEach((value, i) => same(value, corrected[i] as number));
});
