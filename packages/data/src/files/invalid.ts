import { TemperError } from '@temper/core';

/** An error about a data file: its name, the fault, and a remedy. */
export const invalid = (source: string, message: string, hint?: string, cause?: unknown): TemperError =>
  new TemperError({ code: 'data/invalid', message: `${source}: ${message}`, ...(hint === undefined ? {} : { hint }), cause });
