import { TemperError, tf, type LossInputs, type Temperature } from '@temper/core';
import { shapeOf } from './check-inputs.js';

/** One tensor for each side; temperatures are the same tensor where both sides share one. */
export interface Sides {
  readonly student: tf.Tensor;
  readonly teacher: tf.Tensor;
}

/**
 * Both temperatures as tensors that broadcast against the logits; 1 where none is given.
 * @throws TemperError where one is neither a positive number, a scalar nor one value per sample.
 */
export function temperaturesOf({ temperature = 1, student }: LossInputs): Sides {
  if (hasSides(temperature)) return { student: against(temperature.student, student), teacher: against(temperature.teacher, student) };
  const both = against(temperature, student);
  return { student: both, teacher: both };
}

const hasSides = (given: Temperature | number): given is Exclude<Temperature, tf.Tensor> =>
  typeof given === 'object' && given !== null && !(given instanceof tf.Tensor);

/** `[B, 1]` fits logits `[B, …, classes]`; any other shape per sample must broadcast as it is. */
function against(temperature: tf.Tensor | number, logits: tf.Tensor): tf.Tensor {
  if (!(temperature instanceof tf.Tensor)) return scalar(temperature);
  if (temperature.rank === 0) return temperature;
  const [own, { shape }] = [temperature.shape, logits];
  const perSample = own[own.length - 1] === 1 && own.slice(0, -1).every((size, i) => size === shape[i] || size === 1);
  if (perSample && own.length === shape.length) return temperature;
  if (perSample && own.length === 2) return tf.reshape(temperature, [own[0], ...shape.slice(1).map(() => 1)]);
  const allowed = `a scalar, [${shape[0]}, 1] or ${shapeOf({ shape: [...shape.slice(0, -1), 1] })}`;
  throw new TemperError({
    code: 'config/invalid',
    message: `temperature has the shape ${shapeOf(temperature)}; with logits ${shapeOf(logits)} it must be ${allowed}`,
  });
}

function scalar(temperature: unknown): tf.Scalar {
  if (typeof temperature === 'number' && temperature > 0 && temperature < Infinity) return tf.scalar(temperature);
  throw new TemperError({
    code: 'config/invalid',
    message: `temperature must be a finite number above 0, or a tensor, got ${String(temperature)}`,
  });
}
