import { conclude, type Interval, type Judgement, type JudgedVariant, type Outcome } from '@temper/experiments';
import { figure, percent, type Colors } from '@temper/node/reporters';
import { quoted, shellCommand } from '@temper/tensorflow/shell';
import { cut, table } from '../table.js';
import type { HalvingReport } from './halving.js';

/** The direction and the unit of a metric. */
export interface MetricFacts {
  readonly better: 'max' | 'min';
  readonly unit?: string;
}

/** Returns the facts of a metric from the summaries of runs. */
export function factsIn(ended: ReadonlyMap<string, Outcome>, metric: string): MetricFacts {
  for (const outcome of ended.values()) {
    if (outcome.status !== 'done') continue;
    const { metricFacts } = outcome.summary as unknown as { readonly metricFacts?: Readonly<Record<string, MetricFacts>> };
    const found = metricFacts?.[metric];
    if (found !== undefined) return found;
  }
  return { better: 'max' };
}

/** The details that are shown with a judgement. */
export interface Shown {
  readonly metric: string;
  readonly facts: MetricFacts;
  readonly halving?: HalvingReport | undefined;
}

/** A judgement in words, for a terminal and for Markdown. */
export interface ComparisonWords {
  /** The head, then a row for each variant; the first cell begins with `*` for the chosen variant. */
  readonly rows: readonly (readonly string[])[];
  readonly testTitle: string;
  readonly test: readonly string[];
  /** Lines about the variants dropped for the budget; empty without a budget. */
  readonly halving: readonly string[];
}

/** Puts a comparison into words: every variant on validation data, then the conclusions about the chosen one on test data. */
export function wordsOf({ baseline, variants, chosen }: Judgement, { metric, facts, halving }: Shown): ComparisonWords {
  const value = (one: number): string => figure(one, facts as never);
  const isShare = facts.unit === '%' || value(0.5).includes('%');
  const size = (one: number): string => (isShare ? `${(100 * one).toFixed(1)} points` : one.toPrecision(2));
  const range = (interval: Interval | undefined, show: (one: number) => string): string =>
    interval === undefined ? '–' : `${show(interval.low)} to ${show(interval.high)}`;
  const signed = (one: number): string => `${one < 0 ? '−' : '+'}${size(Math.abs(one))}`;
  const row = (one: JudgedVariant): string[] => [
    `${one.name === chosen.name ? '*' : ' '} ${cut(one.name, 40)}`,
    String(one.seeds.length),
    value(one.mean),
    range(one.interval, value),
    ...(one.pairs === undefined ? ['', '', ''] : [signed(one.pairs.difference), range(one.pairs.interval, signed), p(one.corrected)]),
  ];
  const { test, baselineTest } = chosen;
  const judged =
    test.pairs === undefined
      ? `${chosen.name} is the baseline: no variant was better on validation data.`
      : conclude(test.pairs, { variant: chosen.name, baseline, better: facts.better, show: size });
  const also = test.pairs === undefined ? '' : `, ${baseline} ${value(baselineTest.mean)}`;
  return {
    rows: [
      ['variant', 'seeds', metric, '95 % interval', `against ${cut(baseline, 20)}`, '95 % interval', 'p (Holm)'],
      ...variants.map(row),
    ],
    testTitle: `test data: ${metric} of the variant chosen on validation data (*)`,
    test: [`${chosen.name} ${value(test.mean)}${also}`, judged],
    halving: halving === undefined ? [] : halvingWords(halving, value),
  };
}

/** The maximum number of dropped variants of a round that are named; summary.json has all of them. */
const mostNamed = 5;

function halvingWords({ budget, cost, fullCost, rounds }: HalvingReport, value: (one: number) => string): string[] {
  const runs = (count: number): string => Number(count.toFixed(1)).toLocaleString('en-US');
  return [
    `budget: ${runs(cost)} of ${runs(budget)} complete runs; all variants with all seeds would take ${runs(fullCost)}`,
    ...rounds.map(({ share, tried, kept, dropped }, i) => {
      const named = dropped.slice(0, mostNamed).map(({ name, value: reached, why }) => {
        return `${cut(name, 40)} (${reached === undefined ? '' : `${value(reached)}, `}${why})`;
      });
      const more = dropped.length > mostNamed ? `, and ${dropped.length - mostNamed} more` : '';
      return `round ${i + 1}, ${percent(share)} of the length: ${kept.length} of ${tried} stay; dropped: ${named.join(', ')}${more}`;
    }),
  ];
}

/** Formats a comparison for a terminal. */
export function comparisonText(
  judgement: Judgement,
  { root, colors: { bold, dim }, ...shown }: Shown & { readonly root: string; readonly colors: Colors },
): string {
  const { rows, testTitle, test, halving } = wordsOf(judgement, shown);
  const [head = '', ...lines] = table(rows);
  return [
    ...(halving.length === 0 ? [] : [bold(halving[0] as string), ...halving.slice(1).map((line) => `  ${line}`), '']),
    bold('validation data'),
    dim(head),
    ...lines,
    '',
    bold(testTitle),
    ...test.map((line) => `  ${line}`),
    dim(`  runs and summary.json are in ${root}`),
    dim(`  a page with all of it: ${shellCommand(`report ${quoted(root)}`)}`),
  ].join('\n');
}

const p = (value: number | undefined): string => (value === undefined ? '–' : value < 0.001 ? '< 0.001' : value.toFixed(3));
