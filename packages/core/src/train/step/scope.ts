/** Prefixes entries with the name of their owner: `{ value: 4 }` of `temperature` becomes `{ 'temperature.value': 4 }`. */
export const nest = <T>(owner: string, entries: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(entries).map(([name, value]) => [`${owner}.${name}`, value]));

/** Returns the entries of one owner under its own names; the inverse of `nest`. */
export function entriesOf<T>(owner: string, entries: Readonly<Record<string, T>>): Record<string, T> {
  const start = `${owner}.`;
  const own = Object.entries(entries).filter(([name]) => name.startsWith(start));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(start.length), value]));
}
