import { InvalidArgumentError } from 'commander';

/** Parser of an option that counts something. */
export const count =
  (max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= 1 && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`);
  };

/** Collects an option that may be repeated. */
export const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];
