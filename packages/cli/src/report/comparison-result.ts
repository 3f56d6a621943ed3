import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MetricFactsByName } from '@temper/core';
import type { Judgement } from '@temper/experiments';
import type { ReportedComparison } from '@temper/report';
import { z } from 'zod';
import { wordsOf } from '../compare/comparison-text.js';
import type { HalvingReport } from '../compare/halving.js';

const interval = z.object({ low: z.number(), high: z.number() }).optional();
const pairs = z.object({ n: z.number(), difference: z.number(), interval, p: z.number().optional(), effect: z.number().optional() });
const judged = z.object({
  name: z.string(),
  seeds: z.array(z.number()),
  mean: z.number(),
  interval,
  pairs: pairs.optional(),
  corrected: z.number().optional(),
});
const dropped = z.object({ name: z.string(), value: z.number().optional(), why: z.string() });
const round = z.object({ share: z.number(), tried: z.number(), kept: z.array(z.string()), dropped: z.array(dropped) });
const schema = z.object({
  metric: z.string(),
  baseline: z.string(),
  variants: z.array(judged).min(1),
  chosen: z.object({ name: z.string(), test: judged, baselineTest: judged }),
  halving: z.object({ budget: z.number(), cost: z.number(), fullCost: z.number(), rounds: z.array(round) }).optional(),
  // Absent in comparisons of older versions.
  runs: z.record(z.string(), z.array(z.string())).optional(),
});

/** What the summary.json of a comparison says. */
export type ComparisonResult = z.infer<typeof schema> & { readonly runs: Readonly<Record<string, readonly string[]>> };

/** Reads the result of a comparison; returns a text if there is none, which says why. */
export async function readResult(folder: string): Promise<ComparisonResult | string> {
  const file = join(folder, 'summary.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return 'The comparison is not finished, so nothing is concluded. The same command continues it.';
  try {
    const { data, error } = schema.safeParse(JSON.parse(text));
    if (data === undefined)
      return `${file} is not as a comparison writes it (${error.issues[0]?.path.join('.') ?? ''}), so nothing is concluded.`;
    if (data.runs !== undefined) return { ...data, runs: data.runs };
    return `${file} was written by an older version and does not name its runs; the same comparison writes it again and repeats no run.`;
  } catch (error) {
    return `${file} is not JSON, so nothing is concluded: ${(error as Error).message}`;
  }
}

/** The conclusions of a comparison, in words. */
export function comparisonOf(result: ComparisonResult, metricFacts: MetricFactsByName): ReportedComparison {
  const { metric, baseline, chosen, halving } = result;
  const facts = metricFacts[metric] ?? { better: 'max' as const };
  const words = wordsOf(result as Judgement, { metric, facts, halving: halving as HalvingReport | undefined });
  return { baseline, chosen: chosen.name, ...words };
}
