import { tf } from '#libraries';

/** Numbers of 12 bits: the product of two is exact in float32, and the integers of WebGL are float32 too. */
const word = 4096;
const rounds = 8;
/** Odd numbers without a pattern (digits of π, 12 bits each), so that no two rounds use the seed in the same way. */
const factors = [0x243, 0xf6b, 0x889, 0x5a3, 0x08d, 0x313, 0x199, 0x8a3];
const offsets = [0x707, 0x344, 0xa40, 0x938, 0x222, 0x99f, 0x31d, 0x008];

/**
 * Returns uniform noise in [0, 1) from operations that every backend has: a Feistel network maps the position of an element, two words of
 * 12 bits, to two others; the keys of the rounds come from the seed.
 */
export function portableNoise(shape: number[], seed: tf.Tensor1D, index: number): tf.Tensor {
  return tf.tidy(() => {
    const keys = roundKeys(seed, index);
    const position = tf.range(0, tf.util.sizeFromShape(shape), 1, 'int32');
    let left = wordOf(position, 1);
    let right = wordOf(position, 2);
    const higher = wordOf(position, 3);
    for (let round = 0; round < rounds; round++) {
      const key = tf.slice1d(keys, round, 1);
      const mixed = middleOfSquare(modulo(tf.add(right, round === 0 ? tf.add(key, higher) : key)));
      [left, right] = [right, modulo(tf.add(left, tf.add(mixed, key)))];
    }
    return tf.reshape(tf.div(tf.add(tf.mul(left, word), right), word * word), shape);
  });
}

/** Returns a key for each round, from both numbers of the seed, word by word, and the index. */
function roundKeys(seed: tf.Tensor1D, index: number): tf.Tensor1D {
  const words = tf.concat([wordOf(seed, 1), wordOf(seed, 2), wordOf(seed, 3)]);
  let keys: tf.Tensor = tf.tensor1d(offsets.map((offset, i) => (offset + index * (factors[i] as number)) % word));
  for (const part of tf.unstack(words)) {
    // Squared before the next part is added, so that the keys depend on more than the sum of the parts.
    keys = middleOfSquare(modulo(tf.add(keys, modulo(tf.mul(part, tf.tensor1d(factors))))));
    keys = modulo(tf.add(tf.mul(keys, 5), tf.tensor1d(offsets)));
  }
  return keys as tf.Tensor1D;
}

/** Returns the n-th word of integers, from the lowest, as float32. */
function wordOf(x: tf.Tensor, n: 1 | 2 | 3): tf.Tensor {
  const shifted = n === 1 ? x : tf.floorDiv(x, tf.scalar(word ** (n - 1), 'int32'));
  return tf.cast(tf.mod(shifted, tf.scalar(word, 'int32')), 'float32');
}

const modulo = (x: tf.Tensor): tf.Tensor => tf.sub(x, tf.mul(tf.floor(tf.div(x, word)), word));

/** Returns the middle 12 of the 24 bits of x²; not linear in x, and exact. */
const middleOfSquare = (x: tf.Tensor): tf.Tensor => modulo(tf.floor(tf.div(tf.square(x), 64)));
