import type { Case } from './cases.js';
import { median } from './measure.js';
import { variants, type Peer } from './peer.js';

/** A line of the results; each `ratio` is ours over the peer's, below 1 where ours is faster. */
export interface Result {
  readonly name: string;
  readonly oursMs: number;
  /**
   * What it is compared with: the peer's fastest variant, a limit, another way of our own; absent where the peer is not here and never was.
   */
  readonly against?: Against | undefined;
  /** What one repetition handles, where throughput is what counts. */
  readonly samples?: number;
  readonly goal: number;
  /** Median milliseconds of everything that it was held against. */
  readonly variants: Readonly<Record<string, number>>;
  /** When the peer's figures were taken, where that was in an earlier run. */
  readonly recorded?: string;
}

export interface Against {
  readonly name: string;
  readonly ms: number;
  readonly ratio: number;
}

export interface Turns {
  readonly rounds: number;
  readonly seconds: number;
}

/** Results of an earlier run, for where the peer is absent. */
export interface Earlier {
  readonly date: string;
  readonly results: readonly Result[];
}

/**
 * Times a case in turns: ours, then each variant of the peer (or our other way), so many rounds; the median of the rounds' medians counts.
 */
export async function compare(one: Case, peer: Peer | undefined, earlier: readonly Earlier[], { rounds, seconds }: Turns): Promise<Result> {
  const { name, against, goal } = one;
  const line = { name, goal, ...(one.samples === undefined ? {} : { samples: one.samples }) };
  const ours = await one.prepare();
  const other = 'other' in against ? against.prepare() : undefined;
  const own: number[] = [];
  const theirs: Record<string, number[]> = {};
  try {
    for (let round = 0; round < rounds; round++) {
      own.push(median(await ours.times(seconds)));
      if (other !== undefined && 'other' in against) (theirs[against.other] ??= []).push(median(await other.times(seconds)));
      if (peer === undefined || !('peer' in against)) continue;
      for (const variant of variants) {
        const times = await peer.times(against.peer, variant, seconds);
        if (times !== undefined) (theirs[`PyTorch ${variant}`] ??= []).push(median(times));
      }
    }
  } finally {
    await ours.dispose();
    await other?.dispose();
  }
  const oursMs = median(own);
  if ('limitMs' in against)
    return { ...line, oursMs, against: { name: 'limit', ms: against.limitMs, ratio: oursMs / against.limitMs }, variants: {} };
  const measured = Object.fromEntries(Object.entries(theirs).map(([variant, medians]) => [variant, median(medians)]));
  if (Object.keys(measured).length > 0) return { ...line, oursMs, against: fastest(oursMs, measured), variants: measured };
  const known = earlier.findLast(({ results }) => results.some((result) => hasVariants(result, name)));
  const before = known?.results.find((result) => hasVariants(result, name))?.variants ?? {};
  return { ...line, oursMs, against: fastest(oursMs, before), variants: before, ...(known === undefined ? {} : { recorded: known.date }) };
}

const hasVariants = (result: Result, name: string): boolean => result.name === name && Object.keys(result.variants).length > 0;

/** The fastest of all that was measured, optimizers in one kernel included. */
function fastest(oursMs: number, measured: Readonly<Record<string, number>>): Against | undefined {
  const [best] = Object.entries(measured).sort(([, a], [, b]) => a - b);
  return best && { name: best[0], ms: best[1], ratio: oursMs / best[1] };
}
