import { TemperError } from '@temper/core';
import { codeOf, fileError } from '../system/file-error.js';

/** Describes a failed operation on the cache with its remedy. Other errors are returned unchanged. */
export function cacheFailure(action: string, path: string, cause: unknown): unknown {
  if (cause instanceof TemperError || codeOf(cause) === undefined) return cause;
  const { details } = fileError(action, path, cause);
  return new TemperError({ ...details, hint: `${details.hint ?? ''} Set TEMPER_CACHE to use another folder for the cache.`.trim() });
}

/** Returns the last lines of a program's output before it failed, where compilers and pip give the reason. */
export function lastLines(output: string, count = 4): string {
  return output.trim().split('\n').slice(-count).join('\n  ');
}
