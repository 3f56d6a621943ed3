import type { Instruction, Opcode, Value } from './instruction.js';

/** An instruction that uses another's result, and the instruction that does the work of both. */
const pairs: readonly { readonly first: Opcode; readonly second: Opcode; readonly both: Opcode }[] = [
  { first: 'sub', second: 'mul', both: 'sub-mul' },
  { first: 'mul', second: 'add', both: 'mul-add' },
  { first: 'mul', second: 'row-sum', both: 'row-dot' },
];

/**
 * Combines (a − b)·c, a·b + c and sums of products into one instruction each: the intermediate value is neither written nor read. The
 * time of a step is mostly the passes over a block of rows, not their arithmetic.
 */
export function combined(values: readonly Value[], instructions: readonly Instruction[]): Instruction[] {
  const reads = new Map<number, number>();
  for (const { a, b, c, op } of instructions)
    for (const value of isUnary(op) ? [a] : c === undefined ? [a, b] : [a, b, c]) reads.set(value, (reads.get(value) ?? 0) + 1);
  /** Instructions by their results. A combined instruction is no longer of the first kind. */
  const made = new Map<number, Instruction>();
  const combine = (one: Instruction): Instruction => {
    for (const [taken, other] of [
      [one.a, one.b],
      [one.b, one.a],
    ] as const) {
      const maker = made.get(taken);
      const pair = maker && pairs.find(({ first, second }) => first === maker.op && second === one.op);
      if (maker === undefined || pair === undefined || !isBetween(values, maker, one) || reads.get(taken) !== 1) continue;
      made.delete(taken);
      const both = { op: pair.both, out: one.out, a: maker.a, b: maker.b };
      return one.op === 'row-sum' ? both : { ...both, c: other };
    }
    return one;
  };
  for (const one of instructions) made.set(one.out, combine(one));
  return [...made.values()];
}

const isUnary = (op: Opcode): boolean => !/^(add|sub|mul|div|maximum|minimum|relu-grad|squared-difference|one-hot|divergence)$/.test(op);

/** Returns whether a value is only passed from one instruction to another, over the same table. */
function isBetween(values: readonly Value[], maker: Instruction, user: Instruction): boolean {
  const [value, result] = [values[maker.out], values[user.out]];
  return value?.space === 'register' && value.kind === (user.op === 'row-sum' ? 'full' : result?.kind);
}
