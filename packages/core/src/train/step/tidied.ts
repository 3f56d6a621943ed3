import * as tf from '@tensorflow/tfjs-core';

/** Runs `make` in a tidy: the variables that it returns survive, the values they were made from do not. */
export function tidied<T>(make: () => T): T {
  let made: T | undefined;
  tf.tidy(() => {
    made = make();
  });
  return made as T;
}
