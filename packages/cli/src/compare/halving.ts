import {
  halve,
  planHalving,
  realShare,
  studentAlone,
  type Comparison,
  type Dropped,
  type Job,
  type Outcome,
  type Variant,
} from '@temper/experiments';
import type { RunConfig } from '@temper/core';
import type { ComparisonPlan } from './plan.js';
import { figuresOf } from './figures.js';

/** The tried and dropped variants of a comparison with a budget; part of summary.json. */
export interface HalvingReport {
  /** In complete runs: the budget, the cost, and the cost of all variants with all seeds. */
  readonly budget: number;
  readonly cost: number;
  readonly fullCost: number;
  readonly rounds: readonly {
    readonly share: number;
    readonly tried: number;
    readonly kept: readonly string[];
    readonly dropped: readonly Dropped[];
  }[];
}

/** The dependencies of the rounds. */
export interface HalvingParts {
  readonly plan: ComparisonPlan;
  readonly comparison: Comparison;
  readonly base: RunConfig;
  readonly better: 'max' | 'min';
  /** Makes the runs of jobs; undefined where they were stopped. */
  readonly make: (jobs: readonly Job[]) => Promise<ReadonlyMap<string, Outcome> | undefined>;
}

/** Returns the rounds that a budget allows; undefined without a budget. */
export function roundsOf({
  plan,
  comparison,
  base,
}: Pick<HalvingParts, 'plan' | 'comparison' | 'base'>): ReturnType<typeof planHalving> | undefined {
  const { budget, seeds } = comparison;
  if (budget === undefined) return undefined;
  const fixed = plan.variants.filter((one) => isFixed(plan, one)).length;
  return planHalving({
    contenders: plan.variants.length - fixed,
    fixed,
    seeds: seeds.length,
    budget,
    shareOf: (share) => realShare(base, share),
  });
}

/** Baselines and the student alone are needed at the end. */
const isFixed = ({ baselines }: ComparisonPlan, { name }: Variant): boolean => name === studentAlone || baselines.includes(name);

/**
 * Tries variants in rounds of short runs and drops the worse half after each; returns the remaining variants.
 * @returns undefined where it was stopped.
 */
export async function runRounds(
  parts: HalvingParts,
): Promise<{ readonly left: readonly Variant[]; readonly report?: HalvingReport } | undefined> {
  const { plan, comparison, better, make } = parts;
  const planned = roundsOf(parts);
  if (planned === undefined || comparison.budget === undefined) return { left: plan.variants };
  let contenders = plan.variants.filter((one) => !isFixed(plan, one));
  const rounds: HalvingReport['rounds'][number][] = [];
  for (const [i, { share, kept }] of planned.rounds.entries()) {
    const ended = await make(plan.triesOf(contenders, i + 1, share));
    if (ended === undefined) return undefined;
    const tried = contenders.map((variant) => {
      const outcome = ended.get(plan.tryOf(variant, i + 1));
      if (outcome?.status === 'done') return { name: variant.name, value: figuresOf(outcome, comparison.metric).validation };
      return { name: variant.name, failure: outcome?.status === 'failed' ? outcome.message : 'it was not made' };
    });
    const chosen = halve(tried, kept, better);
    rounds.push({ share, tried: contenders.length, ...chosen });
    contenders = contenders.filter(({ name }) => chosen.kept.includes(name));
  }
  const { cost, fullCost } = planned;
  return {
    left: plan.variants.filter((one) => isFixed(plan, one) || contenders.includes(one)),
    report: { budget: comparison.budget, cost, fullCost, rounds },
  };
}
