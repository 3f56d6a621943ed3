import { tf, type Loss, type LossInputs } from '@temper/core';
import { checkInputs } from './check-inputs.js';

/** The checked inputs of a loss. */
export type Needing<N extends 'labels' | 'teacher'> = LossInputs & Readonly<Record<N, tf.Tensor>>;

/**
 * Makes a loss from its formula. Inputs are checked (shapes are host values, so
 * this costs nothing in a recorded step), values of masked samples are 0, and no intermediate tensor is left behind.
 * @param more Further properties of the loss; its `needs` may name inputs that are not checked here, such as a teacher for its taps alone.
 */
export function createLoss<N extends 'labels' | 'teacher'>(
  needs: readonly N[],
  values: (x: Needing<N>) => tf.Tensor,
  more: Readonly<Partial<Loss>> = {},
): Loss {
  const loss = (x: LossInputs): tf.Tensor =>
    tf.tidy(() => {
      checkInputs(x, needs);
      return masked(values(x as Needing<N>), x.mask);
    });
  return Object.assign(loss, { needs }, more);
}

/** 0 where the mask is 0; a batch's single value has counted the mask already. */
function masked(values: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor {
  return mask === undefined || values.rank === 0 ? values : tf.mul(values, tf.cast(mask, 'float32'));
}
