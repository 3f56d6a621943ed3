import * as tf from '@tensorflow/tfjs-core';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Network } from '@temper/core';
import { mlp } from '@temper/models';
import { networkLoader } from '../networks/network-loader.js';

export type Model = LayersModel | GraphModel;

/** Wraps a model as a network that can be saved. */
export const networkFrom = <M extends Model>(model: M, name = 'student'): Network & { readonly model: M } => ({
  name,
  model,
  logits: (inputs) => model.predict(inputs) as tf.Tensor,
  parameters: 'trainableWeights' in model ? model.trainableWeights.map((weight) => weight.read() as tf.Variable) : [],
  buffers: [],
  dispose: () => void model.dispose(),
});

/** A small classifier: three inputs, two classes. */
export const smallNetwork = (seed = 1, name = 'student'): Network & { readonly model: LayersModel } =>
  networkFrom(mlp({ hidden: [4] })({ inputShape: [3], classes: 2, seed, name }), name);

/** Two samples for it. */
export const samples = [
  [1, -2, 3],
  [0.5, 0, -1],
] as const;

/** Logits of the samples above, or of others. */
export const logitsOf = (model: Model, values: readonly number[] = samples.flat(), shape = [2, 3]): number[] =>
  tf.tidy(() => Array.from((model.predict(tf.tensor([...values], shape)) as tf.Tensor).dataSync()));

/** Loads a network; without `runs` no runs are searched. */
export const load = async (path: string, runs = 'no-runs'): Promise<Model> => (await networkLoader({ runs }).load(path)) as Model;
