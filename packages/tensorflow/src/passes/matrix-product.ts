import { specOf, type Attribute, type Ref } from '../graph/graph.js';
import { typeAttribute, type Rewriter, type Rule } from './rewrite.js';

/**
 * Replaces a batch of one matrix product by a plain product, which TensorFlow can fuse with its bias; tfjs makes every product a batch.
 */
export const matrixProduct: Rule = ({ op, inputs, attributes, outputs: [spec] }, to) => {
  if (op !== 'BatchMatMulV2' || spec === undefined || spec.shape.slice(0, -2).some((size) => size !== 1)) return undefined;
  const [a, b] = (inputs as [Ref, Ref]).map((side) => asMatrix(side, to)) as [Ref, Ref];
  const matrix = { dtype: spec.dtype, shape: spec.shape.slice(-2) };
  const product = to.add(
    'MatMul',
    [a, b],
    { T: typeAttribute(a), transpose_a: attributes['adj_x'] as Attribute, transpose_b: attributes['adj_y'] as Attribute },
    matrix,
  );
  return reshape(product, spec.shape, to);
};

const asMatrix = (x: Ref, to: Rewriter): Ref => reshape(x, specOf(x).shape.slice(-2), to);

function reshape(x: Ref, shape: readonly number[], to: Rewriter): Ref {
  const origin = x.node.op === 'Reshape' ? (x.node.inputs[0] as Ref) : x;
  if (specOf(origin).shape.join() === shape.join()) return origin;
  return to.add(
    'Reshape',
    [origin, to.integers(shape)],
    { T: typeAttribute(x), Tshape: { kind: 'type', value: 3 } },
    { dtype: specOf(x).dtype, shape },
  );
}
