import { printable, TemperError } from '@temper/core';
import { thrownHere } from './odd-values.js';

/** Messages of JavaScript about faults of a program: in a message of Temper they mean that a value was not checked. */
const leaked = new RegExp(
  [
    'Cannot (read|set|convert|mix|destructure)',
    'is not (a function|iterable|a constructor|defined)',
    'Maximum call stack',
    'Invalid (array|string) length',
    '\\[object ',
    'Reduce of empty',
  ].join('|'),
);

const longest = 30_000;

/** Returns the fault of an attempt's failure; undefined for an error on which a user can act. */
export function faultOf(error: unknown, mayQuote: boolean): string | undefined {
  if (!(error instanceof TemperError)) return `raw error: ${shown(error)}`;
  const { message } = error;
  if (!mayQuote && leaked.test(message) && !message.includes(thrownHere)) return `an error of JavaScript as a message: ${message}`;
  if (message.length > longest) return `a message of ${message.length} characters`;
  if (printable(message) !== message) return `a message with control characters: ${JSON.stringify(message)}`;
  return undefined;
}

/** Formats any value as a text, whatever its getters do. */
export function shown(value: unknown): string {
  try {
    if (value instanceof Error) return value.stack ?? value.message;
    if (value instanceof Uint8Array) return `bytes ${Buffer.from(value.subarray(0, 3000)).toString('base64')}`;
    return (
      JSON.stringify(value, (_, one: unknown) => (['bigint', 'symbol', 'function'].includes(typeof one) ? String(one) : one)) ??
      String(value)
    );
  } catch {
    return 'a value that cannot be shown';
  }
}
