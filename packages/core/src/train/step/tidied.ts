import * as tf from '@tensorflow/tfjs-core';

/** Variables survive a tidy; the values they were made from do not. */
export function tidied<T>(make: () => T): T {
  let made: T | undefined;
  tf.tidy(() => {
    made = make();
  });
  return made as T;
}
