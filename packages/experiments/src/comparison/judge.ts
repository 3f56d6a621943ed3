import { holm } from '../statistics/holm.js';
import { bootstrapInterval, tInterval, type Interval } from '../statistics/interval.js';
import { compareInPairs, type PairedComparison } from '../statistics/paired.js';
import { mean } from '../statistics/sample.js';

/** The results of a variant's runs, by seed: the metric on validation and on test data. */
export interface VariantResults {
  readonly name: string;
  readonly bySeed: ReadonlyMap<number, { readonly validation: number; readonly test: number }>;
}

/** A variant with its place by validation data. */
export interface JudgedVariant {
  readonly name: string;
  readonly seeds: readonly number[];
  readonly mean: number;
  readonly interval?: Interval;
  readonly bootstrap?: Interval;
  /** Comparison with the baseline over the seeds that both have; absent for the baseline and where they share none. */
  readonly pairs?: PairedComparison;
  /** The p-value of `pairs`, corrected for all variants compared. */
  readonly corrected?: number;
}

/** The result of a comparison. */
export interface Judgement {
  readonly baseline: string;
  /** In the given order. */
  readonly variants: readonly JudgedVariant[];
  /** Chosen on validation data, and evaluated once on test data. */
  readonly chosen: { readonly name: string; readonly test: JudgedVariant; readonly baselineTest: JudgedVariant };
}

/**
 * Judges variants over seeds. The best is chosen by its mean on validation data; only it and the baseline are evaluated on test data, so
 * that the choice does not bias the result.
 * @param baselines The variant with which others are compared; of several the best on validation data.
 * @param better Whether larger or smaller values are better.
 * @throws RangeError where a variant has no result, or no variant has the name of a baseline.
 */
export function judge(results: readonly VariantResults[], baselines: readonly string[], better: 'max' | 'min'): Judgement {
  if (results.some(({ bySeed }) => bySeed.size === 0)) throw new RangeError('every variant needs a result');
  const sign = better === 'max' ? 1 : -1;
  const valueOf = ({ bySeed }: VariantResults): number => sign * mean([...bySeed.values()].map(({ validation }) => validation));
  const bestOf = (some: readonly VariantResults[]): VariantResults | undefined =>
    some.reduce<VariantResults | undefined>(
      (first, one) => (first === undefined || valueOf(one) > valueOf(first) ? one : first),
      undefined,
    );
  const base = bestOf(results.filter(({ name }) => baselines.includes(name)));
  if (base === undefined) throw new RangeError(`no variant is named ${baselines.join(' or ')}`);
  const best = bestOf(results) as VariantResults;
  const judged = results.map((one) => judgeOne(one, one === base ? undefined : base, 'validation'));
  const compared = judged.filter(({ pairs }) => pairs?.p !== undefined);
  const corrected = holm(compared.map(({ pairs }) => pairs?.p as number));
  return {
    baseline: base.name,
    variants: judged.map((one) => (compared.includes(one) ? { ...one, corrected: corrected[compared.indexOf(one)] as number } : one)),
    chosen: {
      name: best.name,
      test: judgeOne(best, best === base ? undefined : base, 'test'),
      baselineTest: judgeOne(base, undefined, 'test'),
    },
  };
}

function judgeOne({ name, bySeed }: VariantResults, base: VariantResults | undefined, part: 'validation' | 'test'): JudgedVariant {
  const seeds = [...bySeed.keys()].sort((a, b) => a - b);
  const values = seeds.map((seed) => bySeed.get(seed)?.[part] as number);
  const shared = seeds.filter((seed) => base?.bySeed.has(seed) === true);
  const interval = tInterval(values);
  const bootstrap = bootstrapInterval(values);
  return {
    name,
    seeds,
    mean: mean(values),
    ...(interval === undefined ? {} : { interval }),
    ...(bootstrap === undefined ? {} : { bootstrap }),
    ...(base === undefined || shared.length === 0
      ? {}
      : {
          pairs: compareInPairs(
            shared.map((seed) => bySeed.get(seed)?.[part] as number),
            shared.map((seed) => base.bySeed.get(seed)?.[part] as number),
          ),
        }),
  };
}
