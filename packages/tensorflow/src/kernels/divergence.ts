import { sizeOf } from '@temper/core';
import { specOf, type Graph, type Ref } from '../graph/graph.js';
import type { StepGraph } from '../graph/lower.js';
import { rewrite, type Rule } from '../passes/rewrite.js';
import { connections } from './connections.js';
import { apply, match, type Match } from './pattern.js';
import { lastOf } from './view.js';

/** The operation that represents a divergence until it is part of a kernel; TensorFlow does not know it. */
export const divergenceOp = 'TemperDivergence';

/** Results of a divergence: KL(p ‖ q) of each row, p − q, and p (log(p/q) − KL). */
export type DivergencePart = 'value' | 'pull' | 'tilt';

// The formula in @temper/losses' support/divergence.ts, of logits t and s with the difference `apart`.
const sum = (x: ReturnType<typeof apply>) => apply('Sum', x);
const [powersOfT, powersOfS] = [apply('Exp', 't'), apply('Exp', 's')];
const [sumOfT, sumOfS] = [sum(powersOfT), sum(powersOfS)];
const p = apply('Mul', powersOfT, apply('RealDiv', 1, sumOfT));
const q = apply('Mul', powersOfS, apply('RealDiv', 1, sumOfS));
const both = apply('Add', p, q);
const u = apply('Mul', apply('Add', 'apart', apply('Log', apply('RealDiv', sumOfS, sumOfT))), 0.5);
const tanh = apply('Tanh', u);
const rough = apply('Mul', both, tanh);
const excess = apply('Mul', sum(rough), 0.5);
const pull = apply('Sub', rough, apply('Mul', both, excess));

const bounded = apply('Maximum', u, -9);
const [one, other] = [bounded, tanh].map((x) => apply('Mul', x, apply('Square', x))) as [
  ReturnType<typeof apply>,
  ReturnType<typeof apply>,
];
const thrice = apply(
  'Maximum',
  apply('Minimum', one, other),
  apply('Minimum', apply('Maximum', one, other), apply('Mul', apply('Sub', bounded, tanh), 3)),
);
const value = apply('Add', sum(apply('Mul', pull, bounded)), apply('Mul', sum(apply('Mul', both, thrice)), 1 / 3));

const aboveExcess = apply('Sub', u, excess);
const tilt = apply('Mul', p, apply('Sub', apply('Mul', aboveExcess, 2), apply('ExpandDims', value)));

/** The number of classes from which a single instruction is faster than the formula; shorter rows do not fill the processor's vectors. */
const fewestClasses = 64;

/** A divergence with its results in the graph, by the names of their nodes. */
interface Found {
  match: Match;
  readonly parts: Map<string, DivergencePart>;
}

/**
 * Replaces the formula of a divergence and of its gradients by one operation, where no other node needs the intermediate values. A kernel
 * computes it with a fraction of the work, and as accurately.
 */
export function divergences(step: StepGraph): StepGraph {
  const found = new Map(
    findDivergences(step.graph).flatMap(({ match: all, parts }) => [...parts].map(([name, part]) => [name, { part, all }] as const)),
  );
  if (found.size === 0) return step;
  const replace: Rule = ({ name, outputs }, to) => {
    const { part, all } = found.get(name) ?? {};
    if (part === undefined || all === undefined) return undefined;
    const operands = ['t', 's', 'apart'].map((operand) => to.now(all.get(operand) as Ref));
    return to.add(divergenceOp, operands, { part: { kind: 'string', value: part } }, ...outputs);
  };
  return rewrite(step, [replace]);
}

function findDivergences(graph: Graph): Found[] {
  const found: Found[] = [];
  for (const node of graph) {
    const ref = { node, output: 0 };
    const start = node.op === 'Sub' ? match(ref, pull) : undefined;
    if (start !== undefined && isLarge(start)) found.push({ match: start, parts: new Map([[node.name, 'pull']]) });
    for (const one of found) {
      const [part, more] =
        node.op === 'Mul' ? (['tilt', match(ref, tilt, one.match)] as const) : (['value', match(ref, value, one.match)] as const);
      if (more === undefined || one.parts.has(node.name)) continue;
      one.match = more;
      one.parts.set(node.name, part);
    }
  }
  const { users } = connections(graph);
  return found.filter(({ match: all }) => {
    const within = new Set([...all.values()].map(({ node }) => node));
    return [tanh, excess].every((between) => users((all.get(between) as Ref).node).every((user) => within.has(user)));
  });
}

/** Returns whether all operands are tables with enough columns for a kernel. */
function isLarge(all: Match): boolean {
  const shapes = ['t', 's', 'apart'].map((name) => specOf(all.get(name) as Ref).shape);
  const [shape] = shapes as [readonly number[]];
  return lastOf(shape) >= fewestClasses && sizeOf(shape) > lastOf(shape) && shapes.every((one) => one.join() === shape.join());
}
