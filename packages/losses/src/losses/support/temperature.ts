import * as tf from '@tensorflow/tfjs-core';
import { TemperError, type LossInputs } from '@temper/core';

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
  if (temperature instanceof tf.Tensor || typeof temperature !== 'object') {
    const both = temperature instanceof tf.Tensor ? against(temperature, student) : scalar(temperature);
    return { student: both, teacher: both };
  }
  return { student: against(temperature.student, student), teacher: against(temperature.teacher, student) };
}

function scalar(temperature: number): tf.Scalar {
  if (typeof temperature === 'number' && temperature > 0 && temperature < Infinity) return tf.scalar(temperature);
  throw new TemperError({ code: 'config/invalid', message: `temperature must be a finite number above 0, got ${temperature}`, fault: 'user' });
}

/** `[B, 1]` fits logits `[B, …, classes]`; any other shape per sample must broadcast as it is. */
function against(temperature: tf.Tensor, { shape, rank }: tf.Tensor): tf.Tensor {
  if (temperature.rank === 0) return temperature;
  const own = temperature.shape;
  const perSample = own[own.length - 1] === 1 && own.slice(0, -1).every((size, i) => size === shape[i] || size === 1);
  if (perSample && own.length === rank) return temperature;
  if (perSample && own.length === 2) return tf.reshape(temperature, [own[0], ...shape.slice(1).map(() => 1)]);
  throw new TemperError({
    code: 'config/invalid',
    message: `temperature has the shape [${own.join(', ')}]; with logits [${shape.join(', ')}] it must be a scalar, [${shape[0]}, 1] or [${[...shape.slice(0, -1), 1].join(', ')}]`,
  });
}
