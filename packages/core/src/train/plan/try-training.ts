import * as tf from '@tensorflow/tfjs-core';
import type { DataSet } from '../../contracts/data.js';
import type { Network } from '../../contracts/network.js';
import { askLogits } from '../../networks/ask-logits.js';
import { sampleOf } from '../../networks/check-network.js';
import { differentiated } from '../../networks/no-gradient.js';
import { gradientsOf } from '../step/gradients.js';
import { tidied } from '../step/tidied.js';

/**
 * Runs a network once as an update does, on a few samples: in training mode and with gradients. Faults of training mode alone (a layer
 * without a gradient) are thus refused before a teacher is trained. Running statistics are restored.
 * @throws TemperError `model/invalid` with the network's name.
 */
export async function tryTraining(network: Network, data: DataSet): Promise<void> {
  const batch = await sampleOf(data);
  const before = tidied(() => network.buffers.map((buffer) => tf.keep(tf.clone(buffer))));
  try {
    tf.tidy(() => {
      const options = { training: true, seed: tf.tensor1d([0, 0], 'int32') };
      const sum = (): tf.Tensor => tf.sum(askLogits(network, batch.inputs, options));
      differentiated(network.name, () => gradientsOf(sum, network.parameters));
    });
  } finally {
    network.buffers.forEach((buffer, i) => buffer.assign(before[i] as tf.Tensor));
    tf.dispose([before, { ...batch }]);
  }
}
