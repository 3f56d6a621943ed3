import { specOf, type Ref } from '../graph/graph.js';
import { typeAttribute, type Rule } from './rewrite.js';

/** Removes casts to the same dtype and reshapes to the same shape, and keeps only the last of several reshapes in a row. */
export const noChange: Rule = ({ op, inputs, outputs: [spec] }, to) => {
  const [x, shape] = inputs as [Ref, Ref | undefined];
  if (op === 'Cast' && specOf(x).dtype === spec?.dtype) return x;
  if (op !== 'Reshape' || spec === undefined || shape === undefined) return undefined;
  const origin = x.node.op === 'Reshape' ? (x.node.inputs[0] as Ref) : x;
  if (specOf(origin).shape.join() === spec.shape.join()) return origin;
  return origin === x ? undefined : to.add('Reshape', [origin, shape], { T: typeAttribute(x), Tshape: typeAttribute(shape) }, spec);
};
