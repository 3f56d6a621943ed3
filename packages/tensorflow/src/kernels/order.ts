/** Something that makes nodes out of others. */
export interface Unit<N, U> {
  readonly makes: readonly N[];
  readonly takes: readonly N[];
  readonly unit: U;
}

/** Units in an order in which each stands after those that make what it takes; as near to the order of their nodes as that allows. */
export function inOrder<N, U>(units: readonly Unit<N, U>[], place: (node: N) => number): U[] {
  const makers = new Map(units.flatMap((unit) => unit.makes.map((node) => [node, unit] as const)));
  const first = (unit: Unit<N, U>): number => Math.min(...unit.makes.map(place));
  const ordered = new Set<Unit<N, U>>();
  const open = [...units].sort((a, b) => first(b) - first(a));
  for (let unit = open.at(-1); unit !== undefined; unit = open.at(-1)) {
    const before = unit.takes.map((node) => makers.get(node)).filter((maker) => maker !== undefined && !ordered.has(maker)) as Unit<N, U>[];
    if (ordered.has(unit) || before.length === 0) {
      ordered.add(unit);
      open.pop();
    } else open.push(...before);
  }
  return [...ordered].map(({ unit }) => unit);
}
