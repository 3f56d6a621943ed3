import { TemperError } from '../errors.js';

/** Returns the built strategy, or undefined where a service is missing: the run may bind it, and then checks again. */
export function whereBound<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof TemperError && error.code.startsWith('plugin/')) return undefined;
    throw error;
  }
}
