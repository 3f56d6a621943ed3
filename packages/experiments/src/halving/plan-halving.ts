import { TemperError } from '@temper/core';

/** Short runs of every remaining variant, after which the worse half is dropped. */
export interface Round {
  /** Length of each run, as a share of a complete one. */
  readonly share: number;
  /** The numbers of variants that are tried and that are kept. */
  readonly tried: number;
  readonly kept: number;
}

/** The rounds of a budget. */
export interface HalvingPlan {
  readonly rounds: readonly Round[];
  /** The cost of the plan, and of every variant with every seed, in complete runs. */
  readonly cost: number;
  readonly fullCost: number;
}

/** The variants, seeds and budget of a plan. */
export interface HalvingOptions {
  /** Variants that may be dropped. */
  readonly contenders: number;
  /** Variants that are always kept: the baselines. */
  readonly fixed: number;
  readonly seeds: number;
  /** Complete runs. */
  readonly budget: number;
  /** Returns the actual share of a run, whose length is a whole number of epochs. Default: the requested share. */
  readonly shareOf?: (share: number) => number;
}

/**
 * Plans successive halving: rounds of short runs, each twice as long as the previous round, with half of the variants dropped after each.
 * The remaining variants, as many as the budget allows, are run with every seed.
 * @throws TemperError `config/invalid` at `budget` where not even one variant can remain.
 * @see Jamieson and Talwalkar, arXiv 1502.07943
 * @example planHalving({ contenders: 100, fixed: 1, seeds: 5, budget: 60 }).rounds.length // 5
 */
export function planHalving({ contenders, fixed, seeds, budget, shareOf = (share) => share }: HalvingOptions): HalvingPlan {
  const fullCost = (contenders + fixed) * seeds;
  const of = (finalists: number): HalvingPlan => {
    const count = Math.ceil(Math.log2(contenders / finalists));
    let left = contenders;
    const rounds = Array.from({ length: count }, (_, i): Round => {
      const tried = left;
      left = Math.max(finalists, Math.ceil(tried / 2));
      return { share: shareOf(2 ** (i - count)), tried, kept: i === count - 1 ? finalists : left };
    });
    const cost = rounds.reduce((sum, { share, tried }) => sum + share * tried, (finalists + fixed) * seeds);
    return { rounds, cost, fullCost };
  };
  for (let finalists = contenders; finalists > 0; finalists--) {
    const plan = of(finalists);
    if (plan.cost <= budget) return plan;
  }
  const least = contenders === 0 ? fullCost : Math.ceil(Math.min(...Array.from({ length: contenders }, (_, i) => of(i + 1).cost)));
  throw new TemperError({
    code: 'config/invalid',
    path: 'budget',
    message: `is ${budget} complete runs, and the cheapest comparison of these variants takes ${least}`,
    hint: `Give at least ${least}, take fewer seeds, or a sample of the grid (sample: 20).`,
  });
}
