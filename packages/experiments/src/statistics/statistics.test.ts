import { createRandom } from '@temper/core';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { bootstrapInterval, compareInPairs, conclude, holm, mean, seedsNeeded, standardDeviation, tInterval } from './index.js';

const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 30 });

describe('2,000 simulated experiments of five seeds', () => {
  const trials = 2000;
  const draw = (trial: number, name: string, size = 5, middle = 0): number[] => {
    const stream = createRandom(11).stream(name, trial);
    return Array.from({ length: size }, () => middle + stream.normal());
  };

  test('intervals of 95 % contain the true mean in 93 to 97 % of the experiments', () => {
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      const { low, high } = tInterval(draw(trial, 'coverage', 5, 3)) ?? { low: NaN, high: NaN };
      if (low <= 3 && 3 <= high) held += 1;
    }
    expect(held / trials).toBeGreaterThan(0.93);
    expect(held / trials).toBeLessThan(0.97);
  });

  test('bootstrap intervals contain the true mean as often from thirty values on', () => {
    let held = 0;
    for (let trial = 0; trial < 500; trial++) {
      const { low, high } = bootstrapInterval(draw(trial, 'bootstrap', 40), { resamples: 999, seed: trial }) ?? { low: NaN, high: NaN };
      if (low <= 0 && 0 <= high) held += 1;
    }
    expect(held / 500).toBeGreaterThan(0.91);
    expect(held / 500).toBeLessThan(0.97);
  });

  test('one of five equal variants is called different in at most 5 % of the cases', () => {
    let found = 0;
    for (let trial = 0; trial < trials; trial++) {
      const baseline = draw(trial, 'baseline');
      const ps = [1, 2, 3, 4, 5].map((variant) => compareInPairs(draw(trial, `variant ${variant}`), baseline).p as number);
      if (holm(ps).some((p) => p < 0.05)) found += 1;
    }
    expect(found / trials).toBeLessThanOrEqual(0.05);
  });

  test('an effect is found with the power that its number of seeds promises', () => {
    const n = seedsNeeded(1.2) as number;
    let found = 0;
    for (let trial = 0; trial < trials; trial++) {
      if ((compareInPairs(draw(trial, 'effect', n, 1.2), new Array<number>(n).fill(0)).p as number) < 0.05) found += 1;
    }
    expect(found / trials).toBeGreaterThan(0.78);
  });
});

describe('laws', () => {
  test.prop([values, fc.double({ min: -100, max: 100, noNaN: true })])(
    'an interval moves with its values and contains their mean',
    (given, by) => {
      const { low, high } = tInterval(given) ?? { low: NaN, high: NaN };
      expect(low).toBeLessThanOrEqual(mean(given) + 1e-9);
      expect(high).toBeGreaterThanOrEqual(mean(given) - 1e-9);
      const moved = tInterval(given.map((value) => value + by));
      expect(moved?.low).toBeCloseTo(low + by, 6);
    },
  );
  test.prop([values, fc.nat()])('the bootstrap repeats with its seed and stays within the values', (given, seed) => {
    const interval = bootstrapInterval(given, { resamples: 199, seed });
    expect(bootstrapInterval(given, { resamples: 199, seed })).toEqual(interval);
    expect(interval?.low).toBeGreaterThanOrEqual(Math.min(...given) - 1e-9);
    expect(interval?.high).toBeLessThanOrEqual(Math.max(...given) + 1e-9);
  });
  test.prop([fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 })])(
    "Holm's correction never lowers a value and never exceeds Bonferroni's",
    (given) => {
      holm(given).forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual(given[i] as number);
        expect(value).toBeLessThanOrEqual(Math.min(1, given.length * (given[i] as number)) + 1e-12);
      });
    },
  );
  test('a single value, equal values and equal variants give no false precision', () => {
    expect(tInterval([0.9])).toBeUndefined();
    expect(bootstrapInterval([0.9])).toBeUndefined();
    expect(standardDeviation([1])).toBeNaN();
    expect(compareInPairs([0.9], [0.8])).toEqual({ n: 1, difference: expect.closeTo(0.1, 12) as number });
    expect(compareInPairs([1, 1], [1, 1])).toMatchObject({ difference: 0, p: 1 });
    expect(seedsNeeded(0)).toBeUndefined();
    expect(seedsNeeded(NaN)).toBeUndefined();
    expect(() => compareInPairs([1], [1, 2])).toThrow('pairs need two lists of one length, got 1 and 2 values');
    expect(() => compareInPairs([], [])).toThrow(RangeError);
  });
});

describe('sentences about results', () => {
  const compared = {
    variant: 'cosine',
    baseline: 'T = 4',
    better: 'max',
    show: (size: number) => `${(100 * size).toFixed(1)} points`,
  } as const;
  test('a sentence names a direction only where the corrected test finds one', () => {
    const found = compareInPairs([0.95, 0.952, 0.949, 0.951, 0.953], [0.93, 0.931, 0.93, 0.929, 0.932]);
    expect(conclude(found, compared)).toBe('cosine is better than T = 4 by 2.1 points (95 % interval: 1.9 points to 2.2 points, 5 seeds).');
    expect(conclude(found, { ...compared, better: 'min' })).toMatch(/^cosine is worse than T = 4 by/);
    expect(conclude(found, compared, { corrected: 0.3 })).toMatch(
      /^No difference between cosine and T = 4 was shown with 5 seeds; one larger than 2\.2 points was ruled out\./,
    );
  });
  test('a sentence names the seeds that a difference of the observed size needs', () => {
    const unclear = compareInPairs([0.94, 0.95, 0.93, 0.955, 0.94], [0.935, 0.952, 0.928, 0.94, 0.945]);
    expect(conclude(unclear, compared)).toMatch(
      /was ruled out\. A difference as large as the one seen \(0\.3 points\) would take some \d+ seeds to show\.$/,
    );
  });
  test('a sentence explains why one seed has no interval', () => {
    expect(conclude(compareInPairs([0.9], [0.8]), compared)).toMatch(/one seed: that does not tell how much results vary/);
  });
});
