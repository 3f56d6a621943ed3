import { fitTemperature, TemperError, tf, type LossInputs, type Temperature } from '@temper/core';

/** One tensor for each side; temperatures are the same tensor where both sides share one. */
export interface Sides {
  readonly student: tf.Tensor;
  readonly teacher: tf.Tensor;
}

/**
 * Both temperatures as tensors that broadcast against the logits; 1 where none is given.
 * @throws TemperError where one is neither a positive number nor a tensor of a shape that `fitTemperature` knows.
 */
export function temperaturesOf({ temperature = 1, student }: LossInputs): Sides {
  const given = hasSides(temperature)
    ? { student: asTensor(temperature.student), teacher: asTensor(temperature.teacher) }
    : asTensor(temperature);
  const fitted = fitTemperature(given, student);
  return hasSides(fitted) ? fitted : { student: fitted, teacher: fitted };
}

const hasSides = (given: Temperature | number): given is Exclude<Temperature, tf.Tensor> =>
  typeof given === 'object' && given !== null && !(given instanceof tf.Tensor);

/** A number by hand as a tensor. */
function asTensor(temperature: unknown): tf.Tensor {
  if (temperature instanceof tf.Tensor) return temperature;
  if (typeof temperature === 'number' && temperature > 0 && temperature < Infinity) return tf.scalar(temperature);
  throw new TemperError({
    code: 'config/invalid',
    message: `temperature must be a finite number above 0, or a tensor, got ${String(temperature)}`,
  });
}
