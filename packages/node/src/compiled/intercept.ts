import * as tf from '@tensorflow/tfjs-core';
import { dtypeCode, type NativeBackend, type OpAttribute } from './native-backend.js';

/** What recording wants to hear of while a step runs. */
export interface Listener {
  operation(name: string, attributes: readonly OpAttribute[], inputs: readonly tf.TensorInfo[], outputs: readonly tf.TensorInfo[]): void;
  /** Values were handed over from the host. */
  written(dataId: object): void;
  /** Values are asked for by the host. */
  read(dataId: object): void;
}

/** Runs `body` while telling `listener` of everything that passes between tfjs and TensorFlow. */
export function intercept<T>(backend: NativeBackend, listener: Listener, body: () => T): T {
  const { executeSingleOutput, executeMultipleOutputs, write, read, readSync } = backend;
  const own: Partial<NativeBackend> = {
    executeSingleOutput(name, attributes, inputs) {
      const output = executeSingleOutput.call(backend, name, attributes, inputs);
      listener.operation(name, attributes, inputs, [output]);
      return output;
    },
    executeMultipleOutputs(name, attributes, inputs, count) {
      const outputs = executeMultipleOutputs.call(backend, name, attributes, inputs, count);
      listener.operation(name, attributes, inputs, outputs);
      return outputs;
    },
    write(values, shape, dtype) {
      const dataId = write.call(backend, values, shape, dtype);
      listener.written(dataId);
      return dataId;
    },
    read(dataId) {
      listener.read(dataId);
      return read.call(backend, dataId);
    },
    readSync(dataId) {
      listener.read(dataId);
      return readSync.call(backend, dataId);
    },
  };
  // The backend's methods stand on its prototype: own properties cover them, and deleting those brings them back.
  Object.assign(backend, own);
  const restoreGather = replaceGather();
  try {
    return body();
  } finally {
    restoreGather();
    for (const name of Object.keys(own)) delete (backend as unknown as Record<string, unknown>)[name];
  }
}

/** tfjs-node's gather reads the indices back to check their range, which TensorFlow does again; without that it can be recorded. */
function replaceGather(): () => void {
  const original = tf.getKernel(tf.GatherV2, 'tensorflow');
  const swap = (kernel: tf.KernelConfig) => {
    tf.unregisterKernel(tf.GatherV2, 'tensorflow');
    tf.registerKernel(kernel);
  };
  swap({ ...original, kernelFunc: gather as unknown as tf.KernelFunc });
  return () => swap(original);
}

interface GatherCall {
  readonly inputs: { readonly x: tf.TensorInfo; readonly indices: tf.TensorInfo };
  readonly attrs: tf.GatherV2Attrs;
  readonly backend: NativeBackend;
}

function gather({ inputs, attrs, backend }: GatherCall): tf.TensorInfo {
  const { TF_ATTR_INT, TF_ATTR_TYPE } = backend.binding;
  const type = (name: string, dtype: tf.DataType): OpAttribute => ({ name, type: TF_ATTR_TYPE, value: dtypeCode(dtype) });
  const axis = tf.scalar(attrs.axis, 'int32');
  const attributes = [
    { name: 'batch_dims', type: TF_ATTR_INT, value: attrs.batchDims },
    type('Tparams', inputs.x.dtype),
    type('Tindices', inputs.indices.dtype),
    type('Taxis', 'int32'),
  ];
  const result = backend.executeSingleOutput('GatherV2', attributes, [inputs.x, inputs.indices, axis]);
  axis.dispose();
  return result;
}
