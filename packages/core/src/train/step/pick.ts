import * as tf from '@tensorflow/tfjs-core';
import type { Samples } from './parts.js';

/** Picks the samples at the given places. */
export const pick = (samples: Samples, places: tf.Tensor1D): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(samples).map(([name, all]) => [name, tf.gather(all, places)]));
