import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { registerLayers } from './register-layers.js';
import { built, reloaded } from './testing/networks.js';
import { transformer } from './transformer.js';

test('tfjs reads a transformer once its layers are registered, else names the layer', async () => {
  const network = built(transformer({ layers: 1, width: 8, heads: 2 }), { inputShape: [6], classes: 5, seed: 1, name: 'student' });
  // Another test of this process may have registered it.
  delete tf.serialization.SerializationMap.getMap().classNameMap['TemperPositionEmbedding'];
  await expect(reloaded(network)).rejects.toThrow('Unknown layer: TemperPositionEmbedding');
  registerLayers();
  const loaded = await reloaded(network);
  const logits = [network, loaded].map((one) =>
    tf.tidy(() => [...(one.predict(tf.tensor2d([[0, 1, 2, 3, 4, 0]], [1, 6], 'int32')) as tf.Tensor).dataSync()]),
  );
  logits[1]?.forEach((logit, i) => expect(logit).toBeCloseTo(logits[0]?.[i] ?? NaN, 5));
  for (const one of [network, loaded]) one.dispose();
});
