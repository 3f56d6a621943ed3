import { InvalidArgumentError } from 'commander';

/** Returns the parser of an option that is a count. */
export const count =
  (max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= 1 && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`);
  };

/** Collects an option that may be repeated. */
export const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];

/** Parses an option that is a finite number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a finite number above 0.');
}

/** Returns the parser of an option that is a list with commas. */
export const listOf =
  <T>(parse: (text: string) => T) =>
  (text: string): readonly T[] =>
    text.split(',').map(parse);
