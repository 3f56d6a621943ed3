import { TemperError, type ErrorCode } from '../errors.js';
import type { Path } from '../path.js';
import { reasonOf } from '../reason.js';

/**
 * Runs code that reads a value from a caller; a getter or a proxy in the value may throw.
 * @throws TemperError with `code` at `path` for an error that is not a TemperError.
 */
export function readable<T>(code: ErrorCode, path: Path | string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TemperError) throw error;
    throw new TemperError({ code, path, message: `cannot be read: ${reasonOf(error)}`, cause: error });
  }
}
