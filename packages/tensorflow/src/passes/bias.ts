import { valuesOf } from '../graph/constant.js';
import { specOf, type Attribute, type Ref } from '../graph/graph.js';
import { constantAt, typeAttribute, type Rule } from './rewrite.js';

const channelsLast: Attribute = { kind: 'string', value: 'NHWC' };

/**
 * Replaces the addition of a vector along the last axis by a bias, which TensorFlow can fuse with the matrix product or convolution
 * before it.
 */
export const biasAdd: Rule = ({ op, inputs, outputs: [spec] }, to) => {
  if ((op !== 'Add' && op !== 'AddV2') || spec?.dtype !== 'float32') return undefined;
  const [x, bias] = inputs as [Ref, Ref];
  const { shape } = specOf(bias);
  if (shape.length !== 1 || spec.shape.length < 2 || shape[0] !== spec.shape.at(-1) || specOf(x).shape.join() !== spec.shape.join())
    return undefined;
  return to.add('BiasAdd', [x, bias], { T: typeAttribute(x), data_format: channelsLast }, spec);
};

/** Replaces the sum over all axes except the last, the gradient of a bias, by its own operation. */
export const biasGradient: Rule = ({ op, inputs, attributes, outputs: [spec] }, to) => {
  if (op !== 'Sum' || spec?.dtype !== 'float32') return undefined;
  const [x, axes] = inputs as [Ref, Ref];
  const constant = constantAt(axes);
  const keeps = attributes['keep_dims'];
  const last = specOf(x).shape.length - 1;
  if (constant === undefined || last < 1 || (keeps?.kind === 'bool' && keeps.value)) return undefined;
  const summed = Array.from(valuesOf(constant));
  if (summed.length !== last || summed.includes(last)) return undefined;
  return to.add('BiasAddGrad', [x], { T: typeAttribute(x), data_format: channelsLast }, spec);
};
