import type { RunConfig } from '@temper/core';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { halve } from './halve.js';
import { planHalving } from './plan-halving.js';
import { realShare, shortened } from './shortened.js';

describe('planHalving', () => {
  test('planHalving spends 60 runs on 100 variants that would cost 505', () => {
    const { rounds, cost, fullCost } = planHalving({ contenders: 100, fixed: 1, seeds: 5, budget: 60 });
    expect(rounds.map(({ tried }) => tried)).toEqual([100, 50, 25, 13, 7]);
    expect(rounds.map(({ share }) => share)).toEqual([1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2]);
    expect(rounds.at(-1)?.kept).toBe(6);
    expect([cost, fullCost]).toEqual([100 / 32 + 50 / 16 + 25 / 8 + 13 / 4 + 7 / 2 + 35, 505]);
  });
  test('planHalving runs everything within the budget and refuses too small a budget', () => {
    expect(planHalving({ contenders: 3, fixed: 1, seeds: 2, budget: 8 })).toEqual({ rounds: [], cost: 8, fullCost: 8 });
    expect(() => planHalving({ contenders: 8, fixed: 1, seeds: 5, budget: 4 })).toThrow(
      /budget: is 4 complete runs, and the cheapest comparison of these variants takes \d+/,
    );
  });
  test.prop([
    fc.integer({ min: 1, max: 300 }),
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 1, max: 10 }),
    fc.integer({ min: 1, max: 4000 }),
  ])('planHalving never exceeds the budget, and each round keeps fewer variants', (contenders, fixed, seeds, budget) => {
    try {
      const { rounds, cost } = planHalving({ contenders, fixed, seeds, budget });
      expect(cost).toBeLessThanOrEqual(budget);
      rounds.forEach(({ tried, kept }, i) => {
        expect(kept).toBeLessThan(tried);
        expect(rounds[i + 1]?.tried ?? kept).toBe(kept);
      });
    } catch (error) {
      expect(error).toMatchObject({ code: 'config/invalid' });
    }
  });
});

describe('halve', () => {
  const tried = [
    { name: 'a', value: 0.8 },
    { name: 'b', value: 0.9 },
    { name: 'c', failure: 'no memory' },
    { name: 'd', value: 0.8 },
  ];
  test('halve keeps the best variants, the first of equal ones, and gives the reasons', () => {
    expect(halve(tried, 2, 'max')).toEqual({
      kept: ['a', 'b'],
      dropped: [
        { name: 'c', why: 'failed: no memory' },
        { name: 'd', value: 0.8, why: '3rd of 4' },
      ],
    });
    expect(halve(tried, 1, 'min').kept).toEqual(['a']);
  });
});

describe('shortened', () => {
  const config = { epochs: 8 } as RunConfig;
  const staged = { stages: [{ epochs: 4 }, { stages: [{ steps: 100 }], repeat: 2 }] } as unknown as RunConfig;
  test('shortened takes a share of every stage and at least one epoch', () => {
    expect(shortened(config, 1 / 4).epochs).toBe(2);
    expect(shortened(config, 1 / 100).epochs).toBe(1);
    expect(shortened({} as RunConfig, 1 / 2).epochs).toBe(5);
    expect(shortened(staged, 1 / 4).stages).toEqual([{ epochs: 1 }, { stages: [{ steps: 25 }], repeat: 2 }]);
    expect(realShare(config, 1 / 100)).toBe(1 / 8);
    expect(realShare(staged, 1 / 4)).toBe(1 / 4);
  });
});
