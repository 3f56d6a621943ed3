import { sizeOf } from '@temper/core';
import { specOf, endpoint, type Ref } from '../graph/graph.js';
import { fillOf } from '../passes/rewrite.js';
import { lastOf } from './view.js';

/** A formula to find: a variable by its name, a number, or an operation over formulas. */
export type Pattern = string | number | Operation;

interface Operation {
  readonly op: string;
  readonly args: readonly Pattern[];
}

/** An operation of a pattern; the operands of commutative operations may be in either order. */
export const apply = (op: string, ...args: readonly Pattern[]): Operation => ({ op, args });

/**
 * The tensors of the variables and operations of a pattern. The same variable, and the same operation object, is the same tensor
 * everywhere.
 */
export type Match = ReadonlyMap<Pattern, Ref>;

const commutative: ReadonlySet<string> = new Set(['Add', 'Mul', 'Maximum', 'Minimum']);

/** Operations that are equivalent in patterns. */
const alike: Readonly<Record<string, string>> = { AddV2: 'Add', Reshape: 'ExpandDims' };

/** Matches a tensor against a pattern, given the matches so far; undefined where it does not match. */
export function match(ref: Ref, pattern: Pattern, known: Match = new Map()): Match | undefined {
  if (typeof pattern === 'number') return fillOf(ref) === Math.fround(pattern) ? known : undefined;
  const before = known.get(pattern);
  if (before !== undefined) return endpoint(before) === endpoint(ref) ? known : undefined;
  if (typeof pattern === 'string') return new Map([...known, [pattern, ref]]);
  const { op, inputs } = ref.node;
  if ((alike[op] ?? op) !== pattern.op || (op === 'Sum' && !isRowSum(ref))) return undefined;
  const [first, second] = pattern.args;
  const orders = second !== undefined && commutative.has(pattern.op) ? [pattern.args, [second, first as Pattern]] : [pattern.args];
  for (const args of orders) {
    const found = args.reduce<Match | undefined>((all, arg, i) => all && match(inputs[i] as Ref, arg, all), known);
    if (found !== undefined) return new Map([...found, [pattern, ref]]);
  }
  return undefined;
}

/** Returns whether a sum is along the last axis alone. */
function isRowSum(ref: Ref): boolean {
  const { shape } = specOf(ref.node.inputs[0] as Ref);
  const kept = specOf(ref).shape;
  const before = shape.slice(0, -1);
  return sizeOf(kept) * lastOf(shape) === sizeOf(shape) && before.every((size, axis) => size === kept[axis]);
}
