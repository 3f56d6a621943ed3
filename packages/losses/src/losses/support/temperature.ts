import * as tf from '@tensorflow/tfjs-core';
import { TemperError, type LossInputs } from '@temper/core';
import { constant } from './probabilities.js';

/** The temperature of each side, ready to divide logits by; the same tensor where both have one. */
export interface Sides {
  readonly student: tf.Tensor;
  readonly teacher: tf.Tensor;
}

/**
 * Both temperatures as tensors that broadcast against the logits; 1 where none is given.
 * @throws TemperError where the shape is neither a scalar nor one value per sample.
 */
export function temperaturesOf({ temperature = 1, student }: LossInputs): Sides {
  if (typeof temperature === 'number') {
    if (!(temperature > 0 && temperature < Infinity)) {
      throw new TemperError({ code: 'config/invalid', message: `temperature must be a finite number above 0, got ${temperature}` });
    }
    const both = tf.scalar(temperature);
    return { student: both, teacher: both };
  }
  if (temperature instanceof tf.Tensor) {
    const both = against(temperature, student);
    return { student: both, teacher: both };
  }
  return { student: against(temperature.student, student), teacher: against(temperature.teacher, student) };
}

/** `[B, 1]` against logits `[B, …, classes]`; every other per-sample shape must fit as it is. */
function against(temperature: tf.Tensor, { shape, rank }: tf.Tensor): tf.Tensor {
  if (temperature.rank === 0) return temperature;
  const own = temperature.shape;
  const perSample = own[own.length - 1] === 1 && own.slice(0, -1).every((size, i) => size === shape[i] || size === 1);
  if (perSample && own.length === rank) return temperature;
  if (perSample && own.length === 2) return tf.reshape(temperature, [own[0] as number, ...shape.slice(1).map(() => 1)]);
  throw new TemperError({
    code: 'config/invalid',
    message: `temperature has the shape [${own.join(', ')}]; with logits [${shape.join(', ')}] it must be a scalar, [${shape[0]}, 1] or [${[...shape.slice(0, -1), 1].join(', ')}]`,
  });
}

/** Logits over their temperature, the teacher's as a constant; a learned temperature gets its gradient from both. */
export function soften(x: LossInputs & { readonly teacher: tf.Tensor }, temperatures: Sides): Sides {
  return { student: tf.div(x.student, temperatures.student), teacher: tf.div(constant(x.teacher), temperatures.teacher) };
}
