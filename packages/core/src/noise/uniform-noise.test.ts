import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { expectNoLeakedTensors } from '@temper/testing';
import { portableNoise } from './portable-noise.js';
import { uniformNoise } from './uniform-noise.js';

type Noise = (shape: number[], seed: tf.Tensor1D, index: number) => tf.Tensor;

const draw = (noise: Noise, shape: number[], seed: readonly [number, number], index = 0): Promise<Float32Array> =>
  expectNoLeakedTensors(() => tf.tidy(() => noise(shape, tf.tensor1d(Int32Array.from(seed), 'int32'), index).dataSync() as Float32Array));

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const size = 20_000;

function correlation(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - 0.5) * ((b[i] as number) - 0.5);
  return (12 * sum) / a.length;
}

describe('portable noise', () => {
  const noise: Noise = portableNoise;
  // Five standard deviations: one false alarm in about two million draws.
  const bound = (deviation: number) => (5 * deviation) / Math.sqrt(size);

  test.prop([int32, int32, fc.nat(65535)], { numRuns: 15 })('portable noise is uniform in [0, 1)', async (a, b, index) => {
    const drawn = await draw(noise, [size], [a, b], index);
    expect(drawn.every((value) => value >= 0 && value < 1)).toBe(true);
    const mean = drawn.reduce((sum, value) => sum + value, 0) / size;
    const square = drawn.reduce((sum, value) => sum + value * value, 0) / size;
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(bound(Math.sqrt(1 / 12)));
    expect(Math.abs(square - 1 / 3)).toBeLessThan(bound(Math.sqrt(4 / 45)));
    const bins = new Array<number>(100).fill(0);
    for (const value of drawn) bins[Math.floor(value * 100)] = (bins[Math.floor(value * 100)] ?? 0) + 1;
    const chi = bins.reduce((sum, count) => sum + (count - size / 100) ** 2 / (size / 100), 0);
    expect(chi).toBeLessThan(99 + 6 * Math.sqrt(2 * 99));
  });

  test.prop([int32, int32, fc.nat(1000)], { numRuns: 15 })(
    'portable noise of neighbouring positions, updates and indices is independent',
    async (a, b, index) => {
      const own = await draw(noise, [size], [a, b], index);
      const others = [
        own.map((_, i) => own[(i + 1) % size] as number),
        own.map((_, i) => own[(i + 64) % size] as number),
        await draw(noise, [size], [a, (b + 1) | 0], index),
        await draw(noise, [size], [(a + 1) | 0, b], index),
        await draw(noise, [size], [a, b], index + 1),
        await draw(noise, [size], [b, a], index),
      ];
      for (const other of a === b ? others.slice(0, -1) : others) expect(Math.abs(correlation(own, other))).toBeLessThan(bound(1));
    },
  );

  test('portable noise is a function of seed and index', async () => {
    expect(await draw(noise, [3, 4], [1, 2], 3)).toEqual(await draw(noise, [3, 4], [1, 2], 3));
    expect(await draw(noise, [12], [1, 2], 3)).toEqual(await draw(noise, [3, 4], [1, 2], 3));
    expect(await draw(noise, [12], [1, 2], 3)).not.toEqual(await draw(noise, [12], [1, 3], 3));
    expect((await draw(noise, [0], [1, 2])).length).toBe(0);
  });
});

test('portable noise is the same to the bit on another backend', async () => {
  const seed = [-123456789, 2 ** 31 - 1] as const;
  const native = await draw(portableNoise, [4, 5000], seed, 7);
  await tf.setBackend('cpu');
  try {
    expect(await draw(portableNoise, [4, 5000], seed, 7)).toEqual(native);
    expect(await draw((shape, from, index) => uniformNoise(shape, from, index), [4, 5000], seed, 7)).toEqual(native);
  } finally {
    await tf.setBackend('tensorflow');
  }
});
