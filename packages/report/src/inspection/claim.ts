import { createRandom } from '@temper/core';
import type { Interval } from '@temper/experiments';

/** The claim that is measured: T = 10 has about this much more information about the similarity of classes than T = 1. */
export const claimed = 0.3;
/** "About": figures within this distance of the claim confirm it. */
export const tolerance = 0.05;
const resamples = 1000;

/** A measure at T = 1 and at T = 10. */
export interface Change {
  readonly at1: number;
  readonly at10: number;
  /** at10 / at1 − 1; absent where at1 is 0. */
  readonly change?: number;
}

/** The claim "T from 1 to 10 adds about 30 % of information about the similarity of classes", measured. */
export interface Claim {
  /** Nats in a prediction about the similarity of its sample to the wrong classes: Σ over samples of w·(log(C − 1) − H(q)) / n. */
  readonly information: Change & { readonly interval?: Interval };
  /** Entropy of the predictions, in nats. */
  readonly entropy: Change;
  /** log(C − 1) − H(q) without its weight, in nats. */
  readonly contrast: Change;
  readonly verdict: 'confirmed' | 'not confirmed' | 'undefined';
  /** The verdict in one sentence. */
  readonly text: string;
}

/** The figures by which the claim is judged. */
export interface ClaimFigures {
  /** Information of each sample at T = 1 and at T = 10; of a sequence the sum over its positions. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly predictions: number;
  /** Means at T = 1 and T = 10. */
  readonly entropy: readonly [number, number];
  readonly contrast: readonly [number, number];
}

/** Judges the claim by the change of the information between T = 1 and T = 10. */
export function judgeClaim({ low, high, predictions, entropy, contrast }: ClaimFigures): Claim {
  const information = changeOf([sum(low) / predictions, sum(high) / predictions]);
  const interval = information.change === undefined ? undefined : bootstrapOfRatio(low, high);
  return {
    information: { ...information, ...(interval === undefined ? {} : { interval }) },
    entropy: changeOf(entropy),
    contrast: changeOf(contrast),
    ...verdictOf(information.change, interval),
  };
}

function verdictOf(change: number | undefined, interval: Interval | undefined): Pick<Claim, 'verdict' | 'text'> {
  const claim = 'T = 10 has about 30 % more information about the similarity of classes than T = 1';
  if (change === undefined)
    return { verdict: 'undefined', text: `Not defined: "${claim}": at T = 1 the predictions have none, or there are only two classes.` };
  const range = interval === undefined ? '' : ` (95 % interval over samples: ${signed(interval.low)} to ${signed(interval.high)})`;
  const distance = change - claimed;
  if (Math.abs(distance) <= tolerance) return { verdict: 'confirmed', text: `Confirmed: "${claim}". Measured: ${signed(change)}${range}.` };
  const points = `${round(100 * Math.abs(distance))} points ${distance > 0 ? 'more' : 'less'} than claimed`;
  return { verdict: 'not confirmed', text: `Not confirmed: "${claim}". Measured: ${signed(change)}${range}, ${points}.` };
}

const changeOf = ([at1, at10]: readonly [number, number]): Change => ({ at1, at10, ...(at1 > 0 ? { change: at10 / at1 - 1 } : {}) });
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const round = (value: number): string => Math.round(value).toLocaleString('en-US');
/** Formats a change in percent, with its sign. */
export const signed = (share: number): string => `${share < 0 ? '−' : '+'}${round(Math.abs(100 * share))} %`;

/** Returns the percentile bootstrap interval of Σ high / Σ low − 1: samples are drawn with their figures at both temperatures. */
function bootstrapOfRatio(low: readonly number[], high: readonly number[]): Interval | undefined {
  const size = low.length;
  if (size < 2) return undefined;
  const stream = createRandom(0).stream('inspection');
  const ratios = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    let [a, b] = [0, 0];
    for (let j = 0; j < size; j++) {
      const one = stream.integer(size);
      a += low[one] as number;
      b += high[one] as number;
    }
    ratios[i] = b / a - 1;
  }
  ratios.sort();
  return { low: ratios[Math.floor(0.025 * resamples)] as number, high: ratios[Math.ceil(0.975 * resamples) - 1] as number };
}
