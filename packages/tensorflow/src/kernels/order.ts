/** A unit that makes nodes from other nodes. */
export interface Unit<N, U> {
  readonly makes: readonly N[];
  readonly takes: readonly N[];
  readonly unit: U;
}

/** Orders units so that each comes after the makers of its inputs, as close to the order of their nodes as possible. */
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
