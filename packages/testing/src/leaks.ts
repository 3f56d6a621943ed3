import * as tf from '@tensorflow/tfjs-core';

/**
 * Runs `body` and throws where the number of live tensors has changed.
 * @example await expectNoLeakedTensors(() => tf.dispose(myLoss(inputs)));
 */
export async function expectNoLeakedTensors<T>(body: () => T | Promise<T>): Promise<T> {
  const before = tf.memory().numTensors;
  const result = await body();
  const after = tf.memory().numTensors;
  if (after !== before)
    throw new Error(
      `${Math.abs(after - before)} tensors ${after > before ? 'leaked' : 'too many disposed'}: ${before} before, ${after} after`,
    );
  return result;
}
