import type { Metrics } from '@temper/core';
import { z } from 'zod';

/** Mean of each loss by its name; plain JSON. */
export const lossMeans = z.record(z.string(), z.number());
export type Losses = Readonly<z.infer<typeof lossMeans>>;

/** The usual terms of a run, used if the names of the losses are not known. */
export const usualLosses: readonly string[] = ['soft', 'hard'];

const prefix = 'loss.';

/** The means of the losses among the observed numbers; undefined if there are none, or if one is not finite. */
export function lossesIn(seen: Metrics): Losses | undefined {
  const entries = Object.entries(seen)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length), value] as const);
  return entries.length > 0 && entries.every(([, value]) => Number.isFinite(value)) ? Object.fromEntries(entries) : undefined;
}
