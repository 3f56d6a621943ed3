import type { PairedComparison } from './paired.js';
import { seedsNeeded } from './power.js';

/** The names and units in the sentence of a conclusion. */
export interface Compared {
  readonly variant: string;
  readonly baseline: string;
  /** Whether larger or smaller values are better. */
  readonly better: 'max' | 'min';
  /** Formats the size of a difference with its unit, for instance `0.6 points`. */
  readonly show: (size: number) => string;
}

/**
 * Returns the conclusion that a comparison supports in one sentence: a direction only where the corrected test finds one; else the
 * largest difference that the interval has not ruled out.
 * @param corrected The p-value corrected for all comparisons made; default: that of the comparison alone.
 */
export function conclude(
  { n, difference, interval, p, effect }: PairedComparison,
  { variant, baseline, better, show }: Compared,
  { corrected = p, significance = 0.05 }: { readonly corrected?: number | undefined; readonly significance?: number } = {},
): string {
  if (interval === undefined || corrected === undefined) {
    const why = 'that does not tell how much results vary, so there is no interval. Run at least two seeds, better five.';
    return `${variant} and ${baseline} were run with one seed: ${why}`;
  }
  const seeds = `${n} seeds`;
  if (corrected < significance && interval.low * interval.high > 0) {
    const isBetter = difference > 0 === (better === 'max');
    const [least, most] = [Math.abs(interval.low), Math.abs(interval.high)].sort((a, b) => a - b) as [number, number];
    const range = `95 % interval: ${show(least)} to ${show(most)}, ${seeds}`;
    return `${variant} is ${isBetter ? 'better' : 'worse'} than ${baseline} by ${show(Math.abs(difference))} (${range}).`;
  }
  const widest = Math.max(Math.abs(interval.low), Math.abs(interval.high));
  const wanted = effect === undefined ? undefined : seedsNeeded(effect, { significance });
  const more =
    wanted === undefined || wanted <= n
      ? ''
      : ` A difference as large as the one seen (${show(Math.abs(difference))}) would take some ${wanted} seeds to show.`;
  return `No difference between ${variant} and ${baseline} was shown with ${seeds}; one larger than ${show(widest)} was ruled out.${more}`;
}
