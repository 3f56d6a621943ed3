import { nativeKernels } from '@temper/core';
import * as tf from '@tensorflow/tfjs-core';
import { dtypeCode, type NativeBackend, type OpAttribute } from './native-backend.js';

type Kernel = (backend: NativeBackend, inputs: Readonly<Record<string, tf.TensorInfo>>, attributes: Attributes) => tf.Tensor | tf.Tensor[];
type Attributes = Readonly<Record<string, unknown>>;

const kernels: Readonly<Record<string, Kernel>> = {
  [nativeKernels.uniformNoise]: (backend, { shape, seed }) => {
    const types = typesOf(backend, { dtype: 'float32', T: 'int32', Tseed: 'int32' });
    return backend.executeSingleOutput('StatelessRandomUniform', types, [shape as tf.TensorInfo, seed as tf.TensorInfo]);
  },
  [nativeKernels.batchNormalization]: (backend, { x, scale, offset }, attributes) => {
    const none = tf.tensor1d([]);
    const inputs = [x, scale, offset, none, none] as tf.TensorInfo[];
    return backend.executeMultipleOutputs('FusedBatchNormV3', normalization(backend, attributes), inputs, 6);
  },
  [nativeKernels.batchNormalizationGradient]: (backend, { dy, x, scale, saved0, saved1, saved2 }, attributes) => {
    const inputs = [dy, x, scale, saved0, saved1, saved2] as tf.TensorInfo[];
    return backend.executeMultipleOutputs('FusedBatchNormGradV3', normalization(backend, attributes), inputs, 5).slice(0, 3);
  },
};

/** Registers the native kernels that core and models request by name. May be called again. */
export function registerKernels(): void {
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    // Checked first, since tfjs prints a warning when a kernel is registered again.
    if (tf.getKernel(kernelName, 'tensorflow') !== undefined) continue;
    tf.registerKernel({
      kernelName,
      backendName: 'tensorflow',
      kernelFunc: ({ inputs, attrs, backend }) =>
        kernel(backend as NativeBackend, inputs as Record<string, tf.TensorInfo>, (attrs ?? {}) as Attributes),
    });
  }
}

const normalization = (backend: NativeBackend, { epsilon }: Attributes): OpAttribute[] => [
  ...typesOf(backend, { T: 'float32', U: 'float32' }),
  { name: 'epsilon', type: backend.binding.TF_ATTR_FLOAT, value: epsilon },
  { name: 'data_format', type: backend.binding.TF_ATTR_STRING, value: 'NHWC' },
  { name: 'is_training', type: backend.binding.TF_ATTR_BOOL, value: true },
];

const typesOf = ({ binding }: NativeBackend, types: Readonly<Record<string, tf.DataType>>): OpAttribute[] =>
  Object.entries(types).map(([name, dtype]) => ({ name, type: binding.TF_ATTR_TYPE, value: dtypeCode(dtype) }));
