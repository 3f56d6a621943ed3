import type { Preparation } from '../contracts/data.js';
import { TemperError } from '../errors.js';

/** A preparation of numbers: all except that of texts. */
export type NumberPreparation = Exclude<Preparation, { type: 'vocabulary' }>;

/**
 * Prepares raw samples, one after the other, in float64 and rounds once: `standardise` gives (x − mean) / deviation, `scale` gives x ·
 * factor.
 * `prepared` may receive the result; it may be the start of the memory of `raw`, which is then overwritten.
 * @example prepare([1e9 + 1], { type: 'standardise', mean: [1e9], deviation: [2] }) // Float32Array [0.5]
 */
export function prepare(
  raw: ArrayLike<number>,
  preparation: NumberPreparation,
  prepared: Float32Array = new Float32Array(raw.length),
): Float32Array {
  switch (preparation.type) {
    case 'none':
      for (let i = 0; i < prepared.length; i++) prepared[i] = raw[i] as number;
      return prepared;
    case 'scale':
      for (let i = 0; i < prepared.length; i++) prepared[i] = (raw[i] as number) * preparation.factor;
      return prepared;
    case 'standardise': {
      const { mean, deviation } = preparation;
      for (let i = 0, column = 0; i < prepared.length; i++, column++) {
        if (column === mean.length) column = 0;
        prepared[i] = ((raw[i] as number) - (mean[column] as number)) / (deviation[column] as number);
      }
      return prepared;
    }
  }
}

/** A linear function for all numbers of a sample, or one for each: x · factor + offset. */
export interface Affine {
  readonly factor: readonly number[];
  readonly offset: readonly number[];
}

/** Returns the linear function of a preparation. */
export function affineOf(preparation: NumberPreparation): Affine {
  if (preparation.type === 'none') return { factor: [1], offset: [0] };
  if (preparation.type === 'scale') return { factor: [preparation.factor], offset: [0] };
  const { mean, deviation } = preparation;
  return { factor: deviation.map((one) => 1 / one), offset: mean.map((one, i) => -one / (deviation[i] as number)) };
}

/**
 * Returns the linear function from inputs with one preparation to inputs with another, computed in float64. Undefined where there is
 * none: texts, a factor of 0, samples of different sizes.
 */
export function conversion(from: Preparation, to: Preparation): Affine | undefined {
  if (from.type === 'vocabulary' || to.type === 'vocabulary') return undefined;
  if (from.type === 'standardise' && to.type === 'standardise') {
    // The means are subtracted first: the difference of two large means that are close stays accurate.
    if (from.mean.length !== to.mean.length) return undefined;
    return {
      factor: from.deviation.map((one, i) => one / (to.deviation[i] as number)),
      offset: from.mean.map((one, i) => (one - (to.mean[i] as number)) / (to.deviation[i] as number)),
    };
  }
  const [a, b] = [affineOf(from), affineOf(to)];
  if (a.factor.includes(0)) return undefined;
  const length = Math.max(a.factor.length, b.factor.length);
  const at = (values: readonly number[], i: number): number => values[values.length === 1 ? 0 : i] as number;
  const indices = Array.from({ length }, (_, i) => i);
  const factor = indices.map((i) => at(b.factor, i) / at(a.factor, i));
  return { factor, offset: indices.map((i) => at(b.offset, i) - (factor[i] as number) * at(a.offset, i)) };
}

/** Returns whether two preparations have the same effect on every sample. */
export function samePreparation(one: Preparation, other: Preparation): boolean {
  if (one.type === 'vocabulary' && other.type === 'vocabulary') return sameList(one.characters, other.characters);
  if (one.type === 'vocabulary' || other.type === 'vocabulary') return false;
  const [a, b] = [affineOf(one), affineOf(other)];
  return sameList(a.factor, b.factor) && sameList(a.offset, b.offset);
}

const sameList = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((value, i) => value === other[i]);

/** Describes a preparation for messages. */
export function showPreparation(preparation: Preparation): string {
  const few = (values: readonly (number | string)[], show: (value: number | string) => string): string =>
    `${values.slice(0, 3).map(show).join(', ')}${values.length > 3 ? ', …' : ''}`;
  const short = (value: number | string): string => String(Number(Number(value).toPrecision(4)));
  switch (preparation.type) {
    case 'none':
      return 'none (raw inputs)';
    case 'scale':
      return `scale by ${short(preparation.factor)}`;
    case 'standardise':
      return `standardise with means ${few(preparation.mean, short)} and deviations ${few(preparation.deviation, short)}`;
    case 'vocabulary':
      return (
        `a vocabulary of ${preparation.characters.length} characters ` +
        `(${few(preparation.characters, (value) => JSON.stringify(value))})`
      );
  }
}

/** Returns the positions of a text's characters in a vocabulary. */
export function encode(text: string, characters: readonly string[], source: string): Int32Array {
  const ids = new Map(characters.map((character, i) => [character, i]));
  return Int32Array.from(Array.from(text), (character, i) => {
    const id = ids.get(character);
    if (id !== undefined) return id;
    throw new TemperError({
      code: 'data/invalid',
      message:
        `${source}: character ${i} is ${JSON.stringify(character)}, which is not in the vocabulary of ${characters.length} ` + `characters`,
      hint: 'The student knows only the characters of its training text; remove the others.',
    });
  });
}
