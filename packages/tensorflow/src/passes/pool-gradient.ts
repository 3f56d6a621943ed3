import { endpoint, specOf, type Ref } from '../graph/graph.js';
import { typeAttribute, type Rule } from './rewrite.js';

/**
 * A gradient that passes max pooling and then the ReLU before it is cut off where the ReLU gave 0. The largest of a window
 * is 0 only where all of it is, so the pooled values say as much, and the cut comes first, on a map of the pooled size.
 */
export const poolBeforeRelu: Rule = ({ op, inputs }, to) => {
  const [dx, relu] = inputs as [Ref, Ref];
  if (op !== 'ReluGrad' || dx.node.op !== 'MaxPoolGrad' || relu.node.op !== 'Relu') return undefined;
  const [input, pooled, dy] = dx.node.inputs as [Ref, Ref, Ref];
  if (endpoint(input) !== endpoint(relu)) return undefined;
  const cut = to.add('ReluGrad', [dy, pooled], { T: typeAttribute(dy) }, specOf(dy));
  return to.add('MaxPoolGrad', [input, pooled, cut], dx.node.attributes, specOf(dx));
};

/** Max pooling sends every gradient to one place, so that their sum over the map, a bias's gradient, is the pooled map's. */
export const poolBeforeBias: Rule = ({ op, inputs, attributes, outputs: [spec] }, to) => {
  const [dx] = inputs as [Ref];
  if (op !== 'BiasAddGrad' || dx.node.op !== 'MaxPoolGrad' || spec === undefined) return undefined;
  return to.add('BiasAddGrad', [dx.node.inputs[2] as Ref], attributes, spec);
};
