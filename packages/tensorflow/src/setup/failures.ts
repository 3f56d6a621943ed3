import { TemperError } from '@temper/core';
import { codeOf, fileError } from '../system/file-error.js';

/** A failed operation on the cache in words, with the way out that a cache has. Anything else is handed on as it is. */
export function cacheFailure(action: string, path: string, cause: unknown): unknown {
  if (cause instanceof TemperError || codeOf(cause) === undefined) return cause;
  const { details } = fileError(action, path, cause);
  return new TemperError({ ...details, hint: `${details.hint ?? ''} Set TEMPER_CACHE to use another folder for the cache.`.trim() });
}

/** The last lines that a program wrote before it failed, which is where compilers and pip say why. */
export function lastLines(output: string, count = 4): string {
  return output.trim().split('\n').slice(-count).join('\n  ');
}
