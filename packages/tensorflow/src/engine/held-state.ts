import * as tf from '@tensorflow/tfjs-core';
import { nativeAlias } from '../backend/native-backend.js';

/** State variables during the trial of a step. */
export interface HeldState {
  /** Restores the old values of the variables, and returns the new ones; the caller disposes them. */
  takeBack(): tf.Tensor[];
  /** Keeps the new values of the variables. */
  letGo(): void;
}

/** Stores the current values of variables. During the trial no two variables share data, as they would after an `assign` between them. */
export function holdState(variables: readonly tf.Variable[]): HeldState {
  const before = variables.map((variable) => tf.clone(variable));
  for (const variable of variables) {
    const alone = nativeAlias(variable as tf.Tensor);
    variable.assign(alone);
    alone.dispose();
  }
  return {
    takeBack() {
      const after = variables.map((variable) => tf.clone(variable as tf.Tensor));
      variables.forEach((variable, i) => variable.assign(before[i] as tf.Tensor));
      tf.dispose(before);
      return after;
    },
    letGo: () => tf.dispose(before),
  };
}
