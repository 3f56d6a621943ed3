import * as tf from '@tensorflow/tfjs-core';
import { dtypeCode, type NativeBackend, type OpAttribute } from '../backend/native-backend.js';

/** Relative size of the added errors: 2 units of float32's rounding, which covers the approximations of exp, log and tanh too. */
const amplitude = 2 ** -23;

/** Operations without rounding: their result is an input's value or a whole number. */
const exact = new Set(
  (
    'Identity Reshape Transpose ExpandDims Squeeze Pack Unpack Concat ConcatV2 Split SplitV Slice StridedSlice ' +
    'StridedSliceGrad Tile BroadcastTo Fill ' +
    'Pad PadV2 MirrorPad ReverseV2 Reverse Gather GatherV2 GatherNd OneHot Range Cast ZerosLike OnesLike Select SelectV2 ' +
    'Where Max Min Maximum Minimum ' +
    'MaxPool MaxPool3D MaxPoolGrad Relu Relu6 ReluGrad Relu6Grad Neg Abs Sign Floor Ceil Round Rint ClipByValue TopKV2 ' +
    'StatelessRandomUniform ' +
    'DepthToSpace SpaceToDepth SpaceToBatchND BatchToSpaceND'
  ).split(' '),
);

/** Operations that sum products or values: their error grows with the largest term, not with the sum. */
const addsUp = /MatMul|Conv|BiasAddGrad|^Sum$|^Mean$|^AddN$|AvgPool|BatchNorm|Prod|Cumsum|Einsum|UnsortedSegmentSum/;

/**
 * Runs `body` operation by operation while every result is off by a random relative error of up to two units of rounding, and so is
 * every term of a sum (with odd seeds all elements of a tensor by the same error). How far the results of several such runs are
 * apart shows which differences float32's rounding explains (Monte Carlo arithmetic; D. S. Parker, "Monte Carlo Arithmetic",
 * UCLA CSD-970002, 1997).
 * @param seed Runs with the same seed get the same errors.
 */
export function withRoundingErrors<T>(backend: NativeBackend, seed: number, body: () => T): T {
  const { executeSingleOutput, executeMultipleOutputs } = backend;
  const call: Call = (name, attributes, inputs) => executeSingleOutput.call(backend, name, attributes, inputs);
  const factors = errorFactors(backend, call, seed);
  /** Returns x·(1 + error) as a new tensor. */
  const blurred = (x: tf.TensorInfo): tf.Tensor => call('Mul', [typeAttribute(backend, 'T', 'float32')], [x, factors.like(x.shape)]);
  const isFloat = ({ dtype }: tf.TensorInfo): boolean => dtype === 'float32';
  /** Returns the inputs of a sum with errors added to the first float input; the others are unchanged. */
  const termsOf = (name: string, inputs: tf.TensorInfo[]): { readonly inputs: tf.TensorInfo[]; readonly made?: tf.Tensor } => {
    const at = addsUp.test(name) ? inputs.findIndex(isFloat) : -1;
    if (at < 0) return { inputs };
    const made = blurred(inputs[at] as tf.TensorInfo);
    return { inputs: inputs.map((input, i) => (i === at ? made : input)), made };
  };
  const finished = (name: string, result: tf.Tensor): tf.Tensor => {
    if (exact.has(name) || !isFloat(result)) return result;
    const changed = blurred(result);
    result.dispose();
    return changed;
  };
  const own = {
    executeSingleOutput(name: string, attributes: OpAttribute[], inputs: tf.TensorInfo[]) {
      const terms = termsOf(name, inputs);
      const result = executeSingleOutput.call(backend, name, attributes, terms.inputs);
      terms.made?.dispose();
      return finished(name, result);
    },
    executeMultipleOutputs(name: string, attributes: OpAttribute[], inputs: tf.TensorInfo[], outputs: number) {
      const terms = termsOf(name, inputs);
      const results = executeMultipleOutputs.call(backend, name, attributes, terms.inputs, outputs);
      terms.made?.dispose();
      return results.map((result) => finished(name, result));
    },
  } satisfies Partial<NativeBackend>;
  Object.assign(backend, own);
  try {
    return body();
  } finally {
    for (const name of Object.keys(own)) Reflect.deleteProperty(backend, name);
    factors.dispose();
  }
}

type Call = (name: string, attributes: OpAttribute[], inputs: tf.TensorInfo[]) => tf.Tensor;

const typeAttribute = (backend: NativeBackend, name: string, dtype: tf.DataType): OpAttribute => ({
  name,
  type: backend.binding.TF_ATTR_TYPE,
  value: dtypeCode(dtype),
});

/** The number of different errors that tensors of one shape get in turn. */
const stretches = 5;

/**
 * Returns numbers (1 + error) in the shape of a tensor. Drawing new numbers for each tensor took most of a repetition's time, so tensors
 * of one shape use a few stretches of one long row in turn.
 */
function errorFactors(backend: NativeBackend, call: Call, seed: number) {
  const type = (name: string, dtype: tf.DataType): OpAttribute => typeAttribute(backend, name, dtype);
  const float = [type('T', 'float32')];
  const constant = (values: readonly number[]): tf.Tensor => tf.tensor1d([...values], 'int32');
  const drawn = (length: number): tf.Tensor =>
    tf.tidy(() => {
      const types = [type('dtype', 'float32'), type('T', 'int32'), type('Tseed', 'int32')];
      const uniform = call('StatelessRandomUniform', types, [constant([length]), constant([seed, length])]);
      const errors = call('Mul', float, [uniform, tf.scalar(2 * amplitude)]);
      return tf.keep(call('AddV2', float, [errors, tf.scalar(1 - amplitude)]));
    });
  const made = new Map<string, tf.Tensor>();
  let row: tf.Tensor | undefined;
  let count = 0;
  const cut = (shape: readonly number[], number: number): tf.Tensor => {
    const size = tf.util.sizeFromShape([...shape]);
    if (row === undefined || row.size < 2 * size) {
      row?.dispose();
      row = drawn(2 ** Math.max(16, Math.ceil(Math.log2(2 * size))));
    }
    const from = row;
    const start = Math.floor(((from.size - size) * number) / stretches);
    // Kept, since `body` may dispose all tensors that a part of it has made.
    return tf.tidy(() => {
      const stretch = call('Slice', [...float, type('Index', 'int32')], [from, constant([start]), constant([size])]);
      return tf.keep(call('Reshape', [...float, type('Tshape', 'int32')], [stretch, constant(shape)]));
    });
  };
  return {
    like(given: readonly number[]): tf.Tensor {
      // Alternately an error for each element, and one for all: similar samples have similar rounding errors, which do not average out.
      const shape = seed % 2 === 0 ? given : [];
      const number = shape.length === 0 ? count++ : count++ % stretches;
      const key = `${number} ${shape.join()}`;
      const factor = made.get(key) ?? cut(shape, shape.length === 0 ? (number * Math.SQRT2) % stretches : number);
      made.set(key, factor);
      return factor;
    },
    dispose: () => tf.dispose([...made.values(), ...(row === undefined ? [] : [row])]),
  };
}
