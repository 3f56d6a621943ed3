import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { optimize } from '../passes/optimize.js';
import { recorded } from './recorded.js';

export type Operation = (x: tf.Tensor, y: tf.Tensor) => tf.Tensor | tf.Tensor[];
export type Operations = Readonly<Record<string, Operation>>;
export type Shape4D = [number, number, number, number];

export const image = (x: tf.Tensor): tf.Tensor4D => tf.reshape(x, [1, 4, 4, 3]);
export const volume = (x: tf.Tensor): tf.Tensor5D => tf.reshape(x, [1, 4, 4, 3, 1]);
export const flat = (x: tf.Tensor): tf.Tensor1D => tf.reshape(x, [48]);
export const whole = (x: tf.Tensor): tf.Tensor1D => tf.cast(tf.abs(tf.mul(tf.slice(flat(x), 0, 6), 2)), 'int32');
export const kernel = (x: tf.Tensor, shape: Shape4D): tf.Tensor4D => tf.reshape(tf.slice(flat(x), 0, tf.util.sizeFromShape(shape)), shape);
export const positive = (x: tf.Tensor): tf.Tensor => tf.add(tf.abs(x), 0.1);
export const integers = (values: number[]): tf.Tensor1D => tf.tensor1d(values, 'int32');

/** Operations of tfjs on x and y [6, 8], of every kind that a step may contain. */
export const differentiable: Operations = {
  abs: tf.abs,
  cos: tf.cos,
  cosh: tf.cosh,
  elu: tf.elu,
  erf: tf.erf,
  exp: tf.exp,
  expm1: tf.expm1,
  neg: tf.neg,
  relu: tf.relu,
  relu6: tf.relu6,
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  sin: tf.sin,
  sinh: tf.sinh,
  softplus: tf.softplus,
  square: tf.square,
  tan: tf.tan,
  tanh: tf.tanh,
  atan: tf.atan,
  asinh: tf.asinh,
  logSigmoid: tf.logSigmoid,
  ceil: tf.ceil,
  floor: tf.floor,
  round: tf.round,
  sign: tf.sign,
  leakyRelu: (x) => tf.leakyRelu(x, 0.3),
  prelu: tf.prelu,
  clip: (x) => tf.clipByValue(x, -0.5, 0.5),
  step: (x) => tf.step(x, 0.2),
  ofPositive: (x) => [tf.log(positive(x)), tf.log1p(positive(x)), tf.sqrt(positive(x)), tf.rsqrt(positive(x)), tf.reciprocal(positive(x))],
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
  atan2: tf.atan2,
  pow: (x, y) => tf.pow(positive(x), y),
  mod: (x) => tf.mod(x, 0.7),
  addN: (x, y) => tf.addN([x, y, x]),
  where: (x, y) => tf.where(tf.tensor2d([[true], [false], [true], [false], [true], [false]], [6, 1], 'bool'), x, y),
  broadcast: (x, y) => [tf.add(x, tf.slice(y, 0, 1)), tf.mul(x, tf.sum(y, 1, true)), tf.broadcastTo(tf.slice(x, 0, 1), [6, 8])],
  reductions: (x) => [tf.sum(x, 0), tf.mean(x, 1, true), tf.max(x), tf.min(x, -1)],
  statistics: (x) => [...Object.values(tf.moments(x, 0)), tf.norm(x), tf.logSumExp(x, 1)],
  softmax: (x) => [tf.softmax(x), tf.logSoftmax(x)],
  cumsum: (x) => tf.cumsum(x, 1, true, true),
  shapes: (x) => [
    tf.reshape(x, [2, 24]),
    tf.expandDims(x, 1),
    tf.squeeze(tf.expandDims(x, 0)),
    tf.transpose(x),
    tf.tile(x, [2, 1]),
    tf.reverse(x, 1),
  ],
  padding: (x) => [
    tf.pad(
      x,
      [
        [1, 0],
        [0, 2],
      ],
      0.5,
    ),
    tf.mirrorPad(
      x,
      [
        [1, 1],
        [0, 1],
      ],
      'reflect',
    ),
  ],
  parts: (x) => [tf.slice(x, [1, 2], [3, 4]), ...tf.split(x, [2, 3, 3], 1), ...tf.split(x, 3, 0), ...tf.unstack(x, 0)],
  joined: (x, y) => [tf.concat([x, y], 1), tf.stack([x, y], 2)],
  made: (x) => [tf.add(x, tf.fill([6, 8], 3)), tf.mul(x, tf.eye(6, 8)), tf.mul(x, tf.linspace(0, 1, 8)), tf.mul(x, tf.range(0, 8))],
  gather: (x) => [
    tf.gather(x, integers([0, 5, 5, 2]), 0),
    tf.gather(
      x,
      tf.tensor2d(
        [
          [0, 5],
          [2, 2],
        ],
        [2, 2],
        'int32',
      ),
      0,
    ),
  ],
  segments: (x) => tf.unsortedSegmentSum(x, integers([0, 1, 1, 0, 2, 2]), 3),
  products: (x, y) => [tf.matMul(x, y, false, true), tf.matMul(x, y, true, false), tf.dot(x, tf.transpose(y))],
  batches: (x, y) => tf.matMul(tf.reshape(x, [2, 3, 8]), tf.reshape(y, [2, 8, 3])),
  convolutions: (x, y) => [
    tf.conv2d(image(x), kernel(y, [3, 3, 3, 1]), 1, 'same'),
    tf.conv2d(image(x), kernel(y, [2, 2, 3, 4]), 2, 'valid'),
  ],
  depthwise: (x, y) => tf.depthwiseConv2d(image(x), kernel(y, [2, 2, 3, 2]), 1, 'same'),
  transposed: (x, y) => tf.conv2dTranspose(image(x), kernel(y, [2, 2, 2, 3]), [1, 4, 4, 2], 1, 'same'),
  pooling: (x) => [tf.maxPool(image(x), 2, 2, 'same'), tf.avgPool(image(x), 2, 1, 'valid'), tf.maxPool3d(volume(x), 2, 1, 'valid')],
  resizing: (x) => [tf.image.resizeBilinear(image(x), [7, 5]), tf.image.resizeNearestNeighbor(image(x), [2, 3])],
  normalisation: (x, y) =>
    tf.batchNorm(image(x), tf.tensor1d([0, 1, 2]), tf.tensor1d([1, 2, 3]), tf.slice(flat(y), 0, 3), tf.slice(flat(x), 3, 3)),
};

export const others: Operations = {
  compare: (x, y) => [tf.equal(x, x), tf.notEqual(x, y), tf.greater(x, y), tf.greaterEqual(x, y), tf.less(x, y), tf.lessEqual(x, y)],
  logic: (x, y) => [
    tf.logicalAnd(tf.greater(x, 0), tf.greater(y, 0)),
    tf.logicalNot(tf.greater(x, 0)),
    tf.logicalOr(tf.greater(x, 0), tf.less(y, 0)),
  ],
  finite: (x) => [tf.isNaN(tf.log(x)), tf.isInf(tf.div(x, 0)), tf.isFinite(x), tf.divNoNan(x, 0)],
  casts: (x) => [tf.cast(x, 'int32'), tf.cast(x, 'bool'), tf.cast(tf.greater(x, 0), 'float32'), tf.floorDiv(whole(x), 2)],
  search: (x) => [
    tf.argMax(x, 1),
    tf.argMin(x, 0),
    ...Object.values(tf.topk(x, 3)),
    tf.any(tf.greater(x, 0), 1),
    tf.all(tf.greater(x, -9), 0),
  ],
  more: (x) => [tf.prod(x, 1), tf.cumprod(x, 0), tf.onesLike(x), tf.zerosLike(x), tf.oneHot(whole(x), 9, 2, -1)],
  strided: (x) => tf.stridedSlice(x, [0, 1], [6, 7], [2, 3]),
  indexed: (x) => {
    const at = tf.tensor2d(
      [
        [0, 1],
        [5, 7],
      ],
      [2, 2],
      'int32',
    );
    return [
      tf.gatherND(x, at),
      tf.gather(x, whole(x), 1),
      tf.scatterND(tf.tensor2d([[1], [3]], [2, 1], 'int32'), tf.slice(x, 0, 2), [6, 8]),
    ];
  },
  einsum: (x, y) => [tf.einsum('ij,kj->ik', x, y), tf.outerProduct(flat(x), tf.slice(flat(y), 0, 4))],
  fused: (x, y) => [
    tf.fused.matMul({ a: x, b: y, transposeA: false, transposeB: true, bias: tf.slice(flat(x), 0, 6), activation: 'relu' }),
    tf.fused.conv2d({ x: image(x), filter: kernel(y, [3, 3, 3, 1]), strides: 1, pad: 'same', activation: 'elu' }),
  ],
  spaces: (x) => [
    tf.depthToSpace(tf.reshape(x, [1, 2, 2, 12]), 2),
    tf.spaceToBatchND(
      image(x),
      [2, 2],
      [
        [0, 0],
        [0, 0],
      ],
    ),
  ],
  localResponse: (x) => tf.localResponseNormalization(image(x)),
};

/** Compares an operation that is recorded alone, with and without rewriting of the graph, with the result during the recording. */
export function compare(body: Operation): void {
  const inputs = { x: tf.randomNormal([6, 8], 0, 1, 'float32', 1), y: tf.randomNormal([6, 8], 0, 1, 'float32', 2) };
  const made = recorded(inputs, ({ x, y }) =>
    Object.fromEntries([body(x as tf.Tensor, y as tf.Tensor)].flat().map((one, i) => [`out${i}`, one])),
  );
  expect(made.recording.problems).toEqual([]);
  for (const { values } of [made.run(), made.run(optimize)]) {
    for (const [name, want] of Object.entries(made.eager)) {
      const largest = Math.max(1, ...want.filter(Number.isFinite).map(Math.abs));
      want.forEach((value, i) => {
        const got = values[name]?.[i] as number;
        if (Number.isFinite(value)) expect(Math.abs(got - value)).toBeLessThanOrEqual(1e-5 * largest);
        else expect(got).toBe(value);
      });
    }
  }
  tf.dispose(inputs);
}
