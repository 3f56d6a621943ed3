import { specOf, type Ref, type TensorSpec } from '../graph/graph.js';
import { fillOf, typeAttribute, type Rewriter, type Rule } from './rewrite.js';

/** Operations on one or two tensors, element by element, that broadcast by themselves. */
const elementwise = new Set([
  'Add',
  'AddV2',
  'Sub',
  'Mul',
  'RealDiv',
  'Neg',
  'Square',
  'Sqrt',
  'Rsqrt',
  'Exp',
  'Log',
  'Maximum',
  'Minimum',
]);

/**
 * The gradients of sums and means multiply by ones to bring a small tensor to a full shape, and go on computing with equal
 * values. Here the small tensor is computed with, and broadcast as late as possible: often by an operation that
 * does it at no cost. Every value stays the same to the bit.
 */
export const lateBroadcast: Rule = (node, to) => {
  const [spec] = node.outputs;
  if (spec?.dtype !== 'float32' || !elementwise.has(node.op)) return undefined;
  const spread = node.op === 'Mul' ? timesOnes(node.inputs as [Ref, Ref]) : undefined;
  if (spread !== undefined) return broadcast(spread, spec, to);
  const small = node.inputs.map((input) => (input.node.op === 'BroadcastTo' ? (input.node.inputs[0] as Ref) : input));
  if (small.every((input, i) => input === node.inputs[i])) return undefined;
  const shape = small.map((input) => specOf(input).shape).reduce(broadcastShape);
  const result = to.add(node.op, small, node.attributes, { dtype: spec.dtype, shape });
  return broadcast(result, spec, to);
};

/** What is multiplied by a tensor of ones. */
function timesOnes([a, b]: [Ref, Ref]): Ref | undefined {
  return fillOf(b) === 1 ? a : fillOf(a) === 1 ? b : undefined;
}

function broadcast(x: Ref, spec: TensorSpec, to: Rewriter): Ref {
  if (specOf(x).shape.join() === spec.shape.join()) return x;
  return to.add('BroadcastTo', [x, to.integers(spec.shape)], { T: typeAttribute(x), Tidx: { kind: 'type', value: 3 } }, spec);
}

function broadcastShape(a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length);
  const at = (shape: readonly number[], axis: number): number => shape[axis - rank + shape.length] ?? 1;
  return Array.from({ length: rank }, (_, axis) => (at(a, axis) === 1 ? at(b, axis) : at(a, axis)));
}
