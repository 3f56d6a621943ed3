import { tf } from '#libraries';
import { TemperError } from '../errors.js';
import { reasonOf } from '../reason.js';

/**
 * Computes gradients of a network.
 * @throws TemperError `model/invalid` with the network's name where one of its operations has no gradient.
 */
export function differentiated<T>(name: string, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (error instanceof TemperError) throw error;
    throw new TemperError({
      code: 'model/invalid',
      path: name,
      message: `has no gradient: ${reasonOf(error)}`,
      hint: `An operation or a layer of this network cannot be trained on the tfjs backend "${tf.getBackend()}". Replace it.`,
      cause: error,
    });
  }
}
