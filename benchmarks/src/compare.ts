import type { Case } from './cases.js';
import { median } from './measure.js';
import { variants, type Peer } from './peer.js';

/** A line of the results; `ratio` is ours over the peer's, below 1 where ours is faster. */
export interface Result {
  readonly name: string;
  readonly oursMs: number;
  /** The peer's fastest variant, or `limit`, or with `(recorded)` figures of an earlier run. */
  readonly peer: string;
  readonly peerMs: number;
  readonly ratio: number;
  readonly goal: number;
  /** Of everything that the peer was measured in. */
  readonly all: Readonly<Record<string, number>>;
}

export interface Turns {
  readonly rounds: number;
  readonly seconds: number;
}

/** Times a case in turns: ours, then each variant of the peer, so many rounds; the median of the rounds' medians counts. */
export async function compare(one: Case, peer: Peer | undefined, recorded: readonly Result[], { rounds, seconds }: Turns): Promise<Result> {
  const { name, against, goal } = one;
  const ours = await one.prepare();
  const own: number[] = [];
  const theirs: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    own.push(median(await ours.times(seconds)));
    if (peer === undefined || !('peer' in against)) continue;
    for (const variant of variants) {
      const times = await peer.times(against.peer, variant, seconds);
      if (times !== undefined) (theirs[variant] ??= []).push(median(times));
    }
  }
  await ours.dispose();
  const oursMs = median(own);
  const against_ = bestOf(theirs) ?? known(one, recorded);
  return { name, oursMs, ...against_, ratio: oursMs / against_.peerMs, goal };
}

type Against = Pick<Result, 'peer' | 'peerMs' | 'all'>;

function bestOf(times: Readonly<Record<string, readonly number[]>>): Against | undefined {
  const all = Object.fromEntries(Object.entries(times).map(([variant, medians]) => [variant, median(medians)]));
  const [best] = Object.entries(all).sort(([, a], [, b]) => a - b);
  return best && { peer: `PyTorch ${best[0]}`, peerMs: best[1], all };
}

function known({ name, against }: Case, recorded: readonly Result[]): Against {
  if ('limitMs' in against) return { peer: 'limit', peerMs: against.limitMs, all: {} };
  const earlier = recorded.find((one) => one.name === name);
  return earlier === undefined ? { peer: 'none', peerMs: NaN, all: {} } : { ...earlier, peer: `${earlier.peer.replace(' (recorded)', '')} (recorded)` };
}
