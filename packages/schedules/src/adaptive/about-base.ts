import type { Schedule, TemperatureInputs, TemperatureSchedule, tf } from '@temper/core';
import { base as checked } from './bounds.js';
import { detached } from './graph.js';

/**
 * Makes a temperature of each sample about a base, in comparison with the other samples of its batch; a constant for the gradient.
 * @param min The smallest temperature; a base below it is refused.
 */
export function aboutBase(
  base: Schedule,
  min: number,
  temperature: (base: tf.Scalar, inputs: TemperatureInputs) => tf.Tensor,
): TemperatureSchedule {
  const about = checked(base, min);
  return {
    acrossSamples: true,
    scalars: (at) => ({ base: about(at) }),
    temperature: (inputs) => detached([inputs.student, inputs.teacher], () => temperature(inputs.scalars['base'] as tf.Scalar, inputs)),
  };
}
