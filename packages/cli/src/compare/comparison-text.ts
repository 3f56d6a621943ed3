import { conclude, type Interval, type Judgement, type JudgedVariant, type Outcome } from '@temper/experiments';
import { figure, type Colors } from '@temper/node/reporters';
import { cut, table } from '../table.js';

/** How a metric is read: which direction is better, and its unit. */
export interface MetricFacts {
  readonly better: 'max' | 'min';
  readonly unit?: string;
}

/** What the runs say of a metric. */
export function factsIn(ended: ReadonlyMap<string, Outcome>, metric: string): MetricFacts {
  for (const outcome of ended.values()) {
    if (outcome.status !== 'done') continue;
    const { metricFacts } = outcome.summary as unknown as { readonly metricFacts?: Readonly<Record<string, MetricFacts>> };
    const found = metricFacts?.[metric];
    if (found !== undefined) return found;
  }
  return { better: 'max' };
}

interface Shown {
  readonly metric: string;
  readonly facts: MetricFacts;
  readonly root: string;
  readonly colors: Colors;
}

/** A comparison for people: every variant on validation data, then what may be concluded from test data about the chosen one. */
export function comparisonText({ baseline, variants, chosen }: Judgement, { metric, facts, root, colors: { bold, dim } }: Shown): string {
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
  const [head = '', ...rows] = table([
    ['variant', 'seeds', metric, '95 % interval', `against ${cut(baseline, 20)}`, '95 % interval', 'p (Holm)'],
    ...variants.map(row),
  ]);
  const { test, baselineTest } = chosen;
  const judged =
    test.pairs === undefined
      ? `${chosen.name} is the baseline: no variant was better on validation data.`
      : conclude(test.pairs, { variant: chosen.name, baseline, better: facts.better, show: size });
  const beside = test.pairs === undefined ? '' : `, ${baseline} ${value(baselineTest.mean)}`;
  return [
    bold('validation data'),
    dim(head),
    ...rows,
    '',
    bold(`test data: ${metric} of the variant chosen on validation data (*)`),
    `  ${chosen.name} ${value(test.mean)}${beside}`,
    `  ${judged}`,
    dim(`  runs and summary.json are in ${root}`),
  ].join('\n');
}

const p = (value: number | undefined): string => (value === undefined ? '–' : value < 0.001 ? '< 0.001' : value.toFixed(3));
