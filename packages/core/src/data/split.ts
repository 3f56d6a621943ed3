import { TemperError } from '../errors.js';
import type { RandomStream } from '../random.js';

/**
 * Splits 0 … size − 1 at random into parts of the given sizes; the parts share no sample, and remaining samples are in no part.
 * @throws TemperError `data/invalid` if the parts are larger than the whole.
 * @example const [train, validation] = split(100, [80, 20], createRandom(1).stream('split'));
 */
export function split<const P extends readonly number[]>(size: number, parts: P, stream: RandomStream): { [K in keyof P]: Int32Array } {
  const asked = parts.reduce((sum, part) => sum + part, 0);
  const sound = parts.every((part) => Number.isInteger(part) && part >= 0);
  if (!sound || asked > size) {
    throw new TemperError({
      code: 'data/invalid',
      message: `parts of ${parts.join(' + ')} samples cannot be cut from ${size}`,
      hint: 'Ask for fewer samples.',
    });
  }
  const order = stream.permutation(size);
  let from = 0;
  return parts.map((part) => order.slice(from, (from += part))) as { [K in keyof P]: Int32Array };
}
