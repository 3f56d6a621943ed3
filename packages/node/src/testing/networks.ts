import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Network } from '@temper/core';
import { mlp } from '@temper/models';

/** A small classifier: three inputs, two classes. */
export function smallNetwork(seed = 1, name = 'student'): Network & { readonly model: LayersModel } {
  const model = mlp({ hidden: [4] })({ inputShape: [3], classes: 2, seed, name });
  return {
    name,
    model,
    logits: (inputs) => model.apply(inputs) as tf.Tensor,
    parameters: model.trainableWeights.map((weight) => weight.read() as tf.Variable),
    buffers: [],
    dispose: () => void model.dispose(),
  };
}
