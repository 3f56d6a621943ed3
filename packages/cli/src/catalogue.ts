import type { Kind, Kit, Refs } from '@temper/core';
import { z } from 'zod';

/** A strategy that a config may name. */
export interface CatalogueEntry {
  readonly kind: Kind;
  readonly type: string;
  readonly options: readonly { readonly name: string; readonly required: boolean }[];
}

// Only names are read here, so one schema that requires a value represents every nested strategy.
const present = z.custom((value) => value !== undefined);
const refs = new Proxy({}, { get: () => present }) as Refs;

/** Lists every definition of a kit with the names of its options, by kind and then by name. */
export function catalogueOf(kit: Kit): CatalogueEntry[] {
  return kit.definitions
    .map(({ kind, type, options }) => ({
      kind,
      type,
      options: Object.entries(options(refs).shape).map(([name, schema]) => ({ name, required: !z.safeParse(schema, undefined).success })),
    }))
    .sort((a, b) => a.kind.localeCompare(b.kind) || a.type.localeCompare(b.type));
}

/** A metric that evaluations may measure. */
export interface MetricEntry {
  readonly type: string;
  readonly meaning: string;
  readonly better: 'max' | 'min';
  readonly unit: string;
  readonly needs: readonly string[];
  /** Smallest and largest value; null where there is no limit. */
  readonly range: readonly (number | null)[];
}

/** Lists the metrics of a kit, in the order of its plug-ins. */
export const metricsOf = (kit: Kit): MetricEntry[] =>
  kit.definitions.flatMap(({ type, options, facts }) => {
    if (facts === undefined) return [];
    const range = facts.range.map((bound) => (Number.isFinite(bound) ? bound : null));
    return [{ type, meaning: options(refs).description ?? '', ...facts, range }];
  });
