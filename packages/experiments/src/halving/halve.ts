/** A variant in a round: its value on validation data, or the reason why it has none. */
export interface Tried {
  readonly name: string;
  readonly value?: number;
  readonly failure?: string;
}

/** A dropped variant, with the reason. */
export interface Dropped {
  readonly name: string;
  readonly value?: number;
  readonly why: string;
}

/**
 * Keeps the best variants of a round. Of equal values the variant that comes first stays, so that the same runs give the same choice.
 * @param kept The number of variants to keep; fewer where more have failed.
 */
export function halve(
  tried: readonly Tried[],
  kept: number,
  better: 'max' | 'min',
): { readonly kept: readonly string[]; readonly dropped: readonly Dropped[] } {
  const sign = better === 'max' ? -1 : 1;
  const isRun = (one: Tried): one is Tried & { readonly value: number } => one.value !== undefined && !Number.isNaN(one.value);
  const ranked = tried
    .filter(isRun)
    .map((one, place) => ({ ...one, place }))
    .sort((a, b) => sign * (a.value - b.value) || a.place - b.place);
  const stay = new Set(ranked.slice(0, kept).map(({ name }) => name));
  return {
    kept: tried.filter(({ name }) => stay.has(name)).map(({ name }) => name),
    dropped: tried
      .filter(({ name }) => !stay.has(name))
      .map((one) =>
        isRun(one)
          ? {
              name: one.name,
              value: one.value,
              why: `${ordinal(ranked.findIndex(({ name }) => name === one.name) + 1)} of ${tried.length}`,
            }
          : { name: one.name, why: `failed: ${one.failure ?? 'no value'}` },
      ),
  };
}

function ordinal(place: number): string {
  const ending = place % 100 > 10 && place % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th');
  return `${place}${ending}`;
}
