import { TemperError, type ErrorDetails } from '@temper/core';

/** Returns the error for a mistake on the command line. */
export const mistake = (message: string, more: Omit<ErrorDetails, 'code' | 'message'> = {}): TemperError =>
  new TemperError({ code: 'config/invalid', message, ...more });

/** Parses an option whose value is JSON. */
export function parseJsonOption(option: string, text: string, example: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw mistake(`${option}: is not JSON: ${(error as Error).message}`, {
      hint: `For instance ${option} '${example}', in single quotes.`,
    });
  }
}
