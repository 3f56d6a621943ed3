import type { Instruction, Value } from './program.js';

/** Number of the last instruction that reads each value. */
export function lastUses(instructions: readonly Instruction[]): ReadonlyMap<number, number> {
  return new Map(instructions.flatMap(({ a, b }, i) => [[a, i], [b, i]] as const));
}

/** Floats between registers, so that each begins at a cache line. */
const line = 16;

/**
 * Gives every intermediate value its place in the scratch memory, and places that are read for the last time to later
 * values of the same size: the fewer there are, the nearer the cache. Returns the floats needed.
 */
export function placeRegisters(values: readonly Value[], instructions: readonly Instruction[], last: ReadonlyMap<number, number>, sizes: { readonly full: number; readonly row: number }): number {
  const free = new Map<string, number[]>();
  const freeOf = (kind: string): number[] => {
    const places = free.get(kind) ?? [];
    free.set(kind, places);
    return places;
  };
  let floats = 0;
  instructions.forEach(({ out, a, b }, i) => {
    for (const read of new Set([a, b])) {
      const value = values[read] as Value;
      if (value.space === 'register' && last.get(read) === i) freeOf(value.kind).push(value.at);
    }
    const value = values[out] as Value;
    if (value.space !== 'register') return;
    const place = freeOf(value.kind).pop();
    value.at = place ?? floats;
    const size = value.kind === 'full' ? sizes.full : value.kind === 'row' ? sizes.row : 1;
    if (place === undefined) floats += Math.ceil(size / line) * line;
    // One that nothing reads, since a pass has left its reader out, is not kept.
    if (!last.has(out)) freeOf(value.kind).push(value.at);
  });
  return floats;
}

/**
 * For each output, inputs in whose memory it may be written, where nobody else needs them: full tables that no
 * instruction reads after the output is there. Memory that was just read is in the cache, fresh memory is not.
 */
export function forwards(values: readonly Value[], instructions: readonly Instruction[], last: ReadonlyMap<number, number>, outputs: number): number[][] {
  const candidates = Array.from({ length: outputs }, (): number[] => []);
  const inputs = new Map<number, { isFull: boolean; read: number }>();
  values.forEach(({ space, kind, at }, i) => {
    if (space !== 'input') return;
    const known = inputs.get(at) ?? { isFull: true, read: -1 };
    inputs.set(at, { isFull: known.isFull && kind === 'full', read: Math.max(known.read, last.get(i) ?? -1) });
  });
  instructions.forEach(({ out }, i) => {
    const { space, kind, at } = values[out] as Value;
    if (space === 'output' && kind === 'full') candidates[at] = [...inputs].filter(([, { isFull, read }]) => isFull && read <= i).map(([input]) => input);
  });
  return candidates;
}
