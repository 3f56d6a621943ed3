import * as tf from '@tensorflow/tfjs-core';
import { dtypeCode, type NativeBackend, type OpAttribute } from '../backend/native-backend.js';

/** A call from tfjs to TensorFlow; the stack frames above `entry` led to it. */
export interface Call {
  readonly entry: (...given: never[]) => unknown;
}

export interface OperationCall extends Call {
  readonly name: string;
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly tf.TensorInfo[];
  readonly outputs: readonly tf.TensorInfo[];
}

/** The events of a step that a recording needs. */
export interface Listener {
  operation(call: OperationCall): void;
  /** The host wrote values. */
  written(dataId: object, call: Call): void;
  /** The host requests values. */
  read(dataId: object, call: Call): void;
}

/** Runs `body` and reports every call between tfjs and TensorFlow to `listener`. */
export function intercept<T>(backend: NativeBackend, listener: Listener, body: () => T): T {
  const { executeSingleOutput, executeMultipleOutputs, write, read, readSync } = backend;
  const own = {
    executeSingleOutput(name: string, attributes: OpAttribute[], inputs: tf.TensorInfo[]) {
      const output = executeSingleOutput.call(backend, name, attributes, inputs);
      listener.operation({ name, attributes, inputs, outputs: [output], entry: own.executeSingleOutput });
      return output;
    },
    executeMultipleOutputs(name: string, attributes: OpAttribute[], inputs: tf.TensorInfo[], count: number) {
      const outputs = executeMultipleOutputs.call(backend, name, attributes, inputs, count);
      listener.operation({ name, attributes, inputs, outputs, entry: own.executeMultipleOutputs });
      return outputs;
    },
    write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType) {
      const dataId = write.call(backend, values, shape, dtype);
      listener.written(dataId, { entry: own.write });
      return dataId;
    },
    read(dataId: object) {
      listener.read(dataId, { entry: own.read });
      return read.call(backend, dataId);
    },
    readSync(dataId: object) {
      listener.read(dataId, { entry: own.readSync });
      return readSync.call(backend, dataId);
    },
  } satisfies Partial<NativeBackend>;
  // The backend's methods are on its prototype: own properties replace them, and deleting the properties restores them.
  Object.assign(backend, own);
  const restoreGather = replaceGather();
  try {
    return body();
  } finally {
    restoreGather();
    for (const name of Object.keys(own)) Reflect.deleteProperty(backend, name);
  }
}

/**
 * Replaces the gather of tfjs-node, which reads the indices back to check their range, as TensorFlow does again; without that it can be
 * recorded.
 */
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
