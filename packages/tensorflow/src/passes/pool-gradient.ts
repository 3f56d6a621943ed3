import { endpoint, specOf, type Ref } from '../graph/graph.js';
import { typeAttribute, type Rule } from './rewrite.js';

/**
 * Applies the ReLU mask of a gradient before max pooling instead of after it. The largest value of a window is 0 only where all its
 * values are, so the pooled values give the same mask, on a map of the pooled size.
 */
export const poolBeforeRelu: Rule = ({ op, inputs }, to) => {
  const [dx, relu] = inputs as [Ref, Ref];
  if (op !== 'ReluGrad' || dx.node.op !== 'MaxPoolGrad' || relu.node.op !== 'Relu') return undefined;
  const [input, pooled, dy] = dx.node.inputs as [Ref, Ref, Ref];
  if (endpoint(input) !== endpoint(relu)) return undefined;
  const cut = to.add('ReluGrad', [dy, pooled], { T: typeAttribute(dy) }, specOf(dy));
  return to.add('MaxPoolGrad', [input, pooled, cut], dx.node.attributes, specOf(dx));
};

/** Sums a bias's gradient over the pooled map: max pooling sends each gradient to one place, so the sum is equal. */
export const poolBeforeBias: Rule = ({ op, inputs, attributes, outputs: [spec] }, to) => {
  const [dx] = inputs as [Ref];
  if (op !== 'BiasAddGrad' || dx.node.op !== 'MaxPoolGrad' || spec === undefined) return undefined;
  return to.add('BiasAddGrad', [dx.node.inputs[2] as Ref], attributes, spec);
};
