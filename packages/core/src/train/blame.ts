import { TemperError } from '../errors.js';

/** Runs a strategy's code; what it throws names the strategy, so that a run never ends with an error from nowhere. */
export function named<T>(path: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw blame(path, error);
  }
}

/** The error with the strategy's place in the run before its own path. */
export function blame(path: string, error: unknown): TemperError {
  if (error instanceof TemperError) {
    const own = error.path;
    if (own !== undefined && own.startsWith(path)) return error;
    return new TemperError({ ...error.details, path: own === undefined || own === '' ? path : `${path}.${own}`, cause: error });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new TemperError({ code: 'plugin/invalid', fault: 'run', path, message: `failed during training: ${reason}`, hint: 'This is code of the plug-in that stands at this place of the config.', cause: error });
}
