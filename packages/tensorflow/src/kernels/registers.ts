import type { Instruction, Value } from './instruction.js';

/** Returns the number of the last instruction that reads each value. */
export function lastUses(instructions: readonly Instruction[]): ReadonlyMap<number, number> {
  return new Map(instructions.flatMap((one, i) => operandsOf(one).map((operand) => [operand, i] as const)));
}

const operandsOf = ({ a, b, c = b }: Instruction): readonly number[] => [a, b, c];

/** Returns the results of an instruction, in the order in which they are placed. */
const resultsOf = ({ out, more = [-1, -1, -1] }: Instruction): readonly number[] => [out, ...more.filter((one) => one >= 0)];

/** The floats between registers, so that each starts at a cache line. */
const line = 16;

/**
 * Gives every intermediate value its place in the scratch memory, and reuses places after their last read for later values of the same
 * size: fewer places fit better into the cache. Returns the number of floats needed.
 */
export function placeRegisters(
  values: readonly Value[],
  instructions: readonly Instruction[],
  last: ReadonlyMap<number, number>,
  sizes: { readonly full: number; readonly row: number },
): number {
  const free = new Map<string, number[]>();
  const freeOf = (kind: string): number[] => {
    const places = free.get(kind) ?? [];
    free.set(kind, places);
    return places;
  };
  let floats = 0;
  const release = (value: Value): void => void (value.space === 'register' && freeOf(value.kind).push(value.at));
  const place = (value: Value): void => {
    if (value.space !== 'register') return;
    const known = freeOf(value.kind).pop();
    value.at = known ?? floats;
    const size = value.kind === 'full' ? sizes.full : value.kind === 'row' ? sizes.row : 1;
    if (known === undefined) floats += Math.ceil(size / line) * line;
  };
  instructions.forEach((instruction, i) => {
    const results = resultsOf(instruction);
    const made = results.map((result) => values[result] as Value);
    const read = [...new Set(operandsOf(instruction))]
      .filter((operand) => last.get(operand) === i)
      .map((operand) => values[operand] as Value);
    // A single result may take the place of an operand, element by element; several may not.
    if (instruction.more !== undefined) made.forEach(place);
    read.forEach(release);
    if (instruction.more === undefined) made.forEach(place);
    // Values that no instruction reads, since a pass has removed the reader or since they are scratch memory, are not kept.
    results.forEach((result, k) => void (last.has(result) || release(made[k] as Value)));
  });
  return floats;
}

/**
 * Returns, for each output, inputs in whose memory it may be written, where no other node needs them: full tables that no instruction
 * reads after the output is written. Memory that was just read is in the cache, new memory is not.
 */
export function forwards(
  values: readonly Value[],
  instructions: readonly Instruction[],
  last: ReadonlyMap<number, number>,
  outputs: number,
): number[][] {
  const candidates = Array.from({ length: outputs }, (): number[] => []);
  const inputs = new Map<number, { isFull: boolean; read: number }>();
  values.forEach(({ space, kind, at }, i) => {
    if (space !== 'input') return;
    const known = inputs.get(at) ?? { isFull: true, read: -1 };
    inputs.set(at, { isFull: known.isFull && kind === 'full', read: Math.max(known.read, last.get(i) ?? -1) });
  });
  instructions.forEach((instruction, i) => {
    for (const result of resultsOf(instruction)) {
      const { space, kind, at } = values[result] as Value;
      const isAfter = (read: number): boolean => (instruction.more === undefined ? read <= i : read < i);
      if (space === 'output' && kind === 'full')
        candidates[at] = [...inputs].filter(([, { isFull, read }]) => isFull && isAfter(read)).map(([input]) => input);
    }
  });
  return candidates;
}
