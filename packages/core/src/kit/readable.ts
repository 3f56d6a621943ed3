import { TemperError, type ErrorCode } from '../errors.js';
import type { Path } from '../path.js';
import { reasonOf } from '../reason.js';

/**
 * Runs code that reads a value which a caller handed over; a getter or a proxy in it may throw.
 * @throws TemperError with `code` at `path` for an error that is none yet.
 */
export function readable<T>(code: ErrorCode, path: Path | string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TemperError) throw error;
    throw new TemperError({ code, path, message: `cannot be read: ${reasonOf(error)}`, cause: error });
  }
}
