import * as tf from '@tensorflow/tfjs-core';
import { dtypeCode, type NativeBackend, type OpAttribute } from './native-backend.js';

/** Relative size of the added errors: 2 units of float32's rounding, which covers the approximations of exp, log and tanh too. */
const amplitude = 2 ** -23;

/** Operations whose result is one of their inputs' values or a whole number: they round nothing. */
const exact = new Set(
  (
    'Identity Reshape Transpose ExpandDims Squeeze Pack Unpack Concat ConcatV2 Split SplitV Slice StridedSlice StridedSliceGrad Tile BroadcastTo Fill ' +
    'Pad PadV2 MirrorPad ReverseV2 Reverse Gather GatherV2 GatherNd OneHot Range Cast ZerosLike OnesLike Select SelectV2 Where Max Min Maximum Minimum ' +
    'MaxPool MaxPool3D MaxPoolGrad Relu Relu6 ReluGrad Relu6Grad Neg Abs Sign Floor Ceil Round Rint ClipByValue TopKV2 StatelessRandomUniform ' +
    'DepthToSpace SpaceToDepth SpaceToBatchND BatchToSpaceND'
  ).split(' '),
);

/** Operations that add products or values up: their error grows with the largest term, not with the sum. */
const addsUp = /MatMul|Conv|BiasAddGrad|^Sum$|^Mean$|^AddN$|AvgPool|BatchNorm|Prod|Cumsum|Einsum|UnsortedSegmentSum/;

/**
 * Runs `body` operation by operation while every result is off by a random relative error of up to two units of rounding,
 * and so is every term of a sum (with odd seeds all elements of a tensor by the same error). How far the results of several such runs are apart shows which differences float32's
 * rounding explains (Monte Carlo arithmetic; D. S. Parker, "Monte Carlo Arithmetic", UCLA CSD-970002, 1997).
 * @param seed Runs with the same seed get the same errors.
 */
export function withRoundingErrors<T>(backend: NativeBackend, seed: number, body: () => T): T {
  const { executeSingleOutput, executeMultipleOutputs } = backend;
  const call = (name: string, attributes: OpAttribute[], inputs: tf.TensorInfo[]): tf.Tensor => executeSingleOutput.call(backend, name, attributes, inputs);
  const type = (name: string, dtype: tf.DataType): OpAttribute => ({ name, type: backend.binding.TF_ATTR_TYPE, value: dtypeCode(dtype) });
  let count = 0;
  /** x·(1 + error): a tensor of its own. */
  const blurred = (x: tf.TensorInfo): tf.Tensor => {
    // Alternately an error for each element, and one for all: rounding of samples that are alike is alike, and does not average out.
    const shape = tf.tensor1d(seed % 2 === 0 ? x.shape : [], 'int32');
    const key = tf.tensor1d(Int32Array.of(seed, count++), 'int32');
    const constants = [tf.scalar(0.5), tf.scalar(2 * amplitude)] as const;
    const uniform = call('StatelessRandomUniform', [type('dtype', 'float32'), type('T', 'int32'), type('Tseed', 'int32')], [shape, key]);
    const float = [type('T', 'float32')];
    const centred = call('Sub', float, [uniform, constants[0]]);
    const error = call('Mul', float, [centred, constants[1]]);
    const part = call('Mul', float, [x, error]);
    const result = call('AddV2', float, [x, part]);
    tf.dispose([shape, key, ...constants, uniform, centred, error, part]);
    return result;
  };
  const isFloat = ({ dtype }: tf.TensorInfo): boolean => dtype === 'float32';
  /** The inputs of a sum, the first of its float inputs blurred; the others are as they were given. */
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
  }
}
