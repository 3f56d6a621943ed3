import { specOf, type Ref, type TensorSpec } from '../graph/graph.js';
import { fillOf, typeAttribute, type Rewriter, type Rule } from './rewrite.js';

/** Elementwise operations on one or two tensors that broadcast by themselves. */
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
 * Broadcasts as late as possible. The gradients of sums and means multiply a small tensor by ones to a full shape, and continue with
 * equal values. This rule computes with the small tensor and broadcasts later: often in an operation that does it at no cost. Every value
 * stays the same to the bit.
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

/** Returns the factor of a tensor of ones. */
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
