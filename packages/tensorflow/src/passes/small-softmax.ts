import { sizeOf } from '@temper/core';
import { specOf, type Ref } from '../graph/graph.js';
import { typeAttribute, type Rule } from './rewrite.js';

/**
 * The number of elements up to which two small kernels are faster than one of oneDNN, which needs some 25 µs to start (measured: 36
 * against 16 µs for [64, 10]).
 */
const small = 8192;

/** Uses exp(log softmax) in place of a small softmax. */
export const smallSoftmax: Rule = ({ op, inputs }, to) => {
  const [logits] = inputs as [Ref];
  if (op !== 'Softmax') return undefined;
  const spec = specOf(logits);
  if (sizeOf(spec.shape) > small) return undefined;
  return to.add('Exp', [to.add('LogSoftmax', [logits], { T: typeAttribute(logits) }, spec)], { T: typeAttribute(logits) }, spec);
};
