import { endpoint, specOf, type Ref } from '../graph/graph.js';
import { fillOf, typeAttribute, type Rule } from './rewrite.js';

/**
 * Replaces the gradient of a ReLU. tfjs multiplies it by step(x), which tfjs-node computes with five operations over whole feature maps:
 * dy · (isNan(x) ? x : x > 0 ? 1 : 0). `ReluGrad` is one operation and accepts the ReLU's output as well as its input, so that TensorFlow
 * may fuse the ReLU with the convolution before it.
 */
export const reluGradient: Rule = ({ op, inputs }, to) => {
  if (op !== 'Mul') return undefined;
  const [a, b] = inputs as [Ref, Ref];
  const x = stepOf(b) ?? stepOf(a);
  if (x === undefined || specOf(a).shape.join() !== specOf(b).shape.join()) return undefined;
  const dy = stepOf(b) === undefined ? b : a;
  return to.add('ReluGrad', [dy, to.existing('Relu', [x]) ?? x], { T: typeAttribute(x) }, specOf(x));
};

/** Returns the x of step(x), where a tensor is such a step. */
function stepOf({ node }: Ref): Ref | undefined {
  const [nan, x, step] = node.op === 'Select' ? (node.inputs as [Ref, Ref, Ref]) : [];
  if (nan?.node.op !== 'IsNan' || x === undefined || step?.node.op !== 'Select') return undefined;
  const [positive, one, zero] = step.node.inputs as [Ref, Ref, Ref];
  const [left, right] = positive.node.op === 'Greater' ? (positive.node.inputs as [Ref, Ref]) : [];
  if (left === undefined || right === undefined || fillOf(right) !== 0 || fillOf(one) !== 1 || fillOf(zero) !== 0) return undefined;
  return [nan.node.inputs[0] as Ref, left].every((other) => endpoint(other) === endpoint(x)) ? x : undefined;
}
