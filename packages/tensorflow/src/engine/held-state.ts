import * as tf from '@tensorflow/tfjs-core';
import { nativeAlias } from '../backend/native-backend.js';

/** State variables on which a step is tried out. */
export interface HeldState {
  /** Gives the variables their old values back, and returns the new ones; the caller disposes them. */
  takeBack(): tf.Tensor[];
  /** Leaves the variables at their new values. */
  letGo(): void;
}

/** Keeps the values that variables have now. Meanwhile no two of them share data, which `assign` between variables makes them do. */
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
