import * as tf from '@tensorflow/tfjs-core';
import { TemperError } from '@temper/core';
import { shellCommand } from '../system/shell-command.js';

/** An attribute of a TensorFlow operation in the form of tfjs-node's kernels; `type` is a code of `NativeBinding`. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** The description of a tensor that a native call has made. */
export interface NativeTensor {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** The part of tfjs-node's native binding that recording uses. */
export interface NativeBinding {
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  createTensor(shape: number[], dtype: number, values: tf.TypedArray): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): tf.TypedArray;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(session: number): void;
  runSavedModel(session: number, tensors: readonly number[], inputs: string, outputs: string): NativeTensor[];
}

/** A tensor's entry in tfjs-node: `values` until the first native use, `id` from then on. */
export interface TensorEntry {
  readonly dtype: number;
  id: number;
  values: tf.backend_util.BackendValues | null;
  refCount: number;
}

/** The part of tfjs-node's backend that recording uses. */
export interface NativeBackend {
  readonly binding: NativeBinding;
  readonly tensorMap: { get(dataId: object): TensorEntry; has(dataId: object): boolean };
  executeSingleOutput(name: string, attributes: OpAttribute[], inputs: tf.TensorInfo[]): tf.Tensor;
  executeMultipleOutputs(name: string, attributes: OpAttribute[], inputs: tf.TensorInfo[], outputs: number): tf.Tensor[];
  write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object;
  read(dataId: object): Promise<tf.backend_util.BackendValues>;
  readSync(dataId: object): tf.backend_util.BackendValues;
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  createOutputTensor(made: NativeTensor): tf.Tensor;
}

/** Returns whether the active backend is that of tfjs-node, which can record steps. */
export function hasNativeBackend(): boolean {
  return tf.getBackend() === 'tensorflow';
}

/**
 * Returns the active native backend.
 * @throws TemperError `environment/backend` where another backend is active.
 */
export function nativeBackend(): NativeBackend {
  if (!hasNativeBackend()) {
    throw new TemperError({
      code: 'environment/backend',
      message: `the backend in use is "${tf.getBackend()}"; a recorded step needs the native TensorFlow backend of tfjs-node`,
      hint: `Run \`${shellCommand('doctor')}\` to see why it is not in use, or use the eager engine.`,
      fault: 'run',
    });
  }
  return tf.backend() as unknown as NativeBackend;
}

/** Returns a new tensor with the same values, without a copy. */
export function nativeAlias<T extends tf.Tensor>(x: T): T {
  const backend = nativeBackend();
  const type = { name: 'T', type: backend.binding.TF_ATTR_TYPE, value: dtypeCode(x.dtype) };
  return backend.executeSingleOutput('Identity', [type], [x]) as T;
}

const dtypeCodes: Readonly<Record<string, number>> = { float32: 1, int32: 3, string: 7, complex64: 8, bool: 10 };

/** Returns TensorFlow's code of a dtype. */
export function dtypeCode(dtype: tf.DataType): number {
  return dtypeCodes[dtype] as number;
}
