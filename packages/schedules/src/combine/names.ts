import type { Metrics } from '@temper/core';

type Named<T> = Readonly<Record<string, T>>;

/** The names of a part inside a combination: `value` of part 1 is `1.value`. */
export const within = <T>(index: number, named: Named<T>): Record<string, T> =>
  Object.fromEntries(Object.entries(named).map(([name, value]) => [`${index}.${name}`, value]));

/** The values of a part, under the part's own names. */
export function ownOf<T>(index: number, named: Named<T>): Record<string, T> {
  const prefix = `${index}.`;
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [])),
  );
}

/** What a part observes: the metrics of the run and its own measurements, not those of other parts. */
export function seenBy(index: number, seen: Metrics): Metrics {
  return { ...Object.fromEntries(Object.entries(seen).filter(([name]) => !/^\d+\./.test(name))), ...ownOf(index, seen) };
}
