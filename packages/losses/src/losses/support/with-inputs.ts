import { tf, type Loss, type LossInputs } from '@temper/core';

/** Makes a loss compute its values and its measurements from changed inputs; its other properties stay. */
export function withInputs(loss: Loss, change: (x: LossInputs) => LossInputs): Loss {
  const { measure } = loss;
  return Object.assign((x: LossInputs) => tf.tidy(() => loss(change(x))), loss, {
    ...(measure === undefined ? {} : { measure: (x: LossInputs) => tf.tidy(() => measure(change(x))) }),
  });
}
