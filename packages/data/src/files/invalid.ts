import { TemperError } from '@temper/core';

/** A data file that cannot be used: which one, what is wrong with it, what to do. */
export const invalid = (source: string, message: string, hint?: string, cause?: unknown): TemperError =>
  new TemperError({ code: 'data/invalid', message: `${source}: ${message}`, ...(hint === undefined ? {} : { hint }), cause });
