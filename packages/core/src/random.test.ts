import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { createRandom } from './random.js';

test('random numbers are the same on every machine', () => {
  const stream = createRandom(1).stream('sampler', 3);
  expect([stream.integer(1000), stream.integer(1000), stream.integer(1000)]).toEqual([...'___'].map(() => expect.any(Number)));
  expect([...createRandom(1).stream('sampler', 0).permutation(8)]).toEqual([...createRandom(1).stream('sampler', 0).permutation(8)]);
});

test.prop([fc.integer({ min: 0 }), fc.string(), fc.nat(), fc.integer({ min: 1, max: 300 })])(
  'a permutation has every index once and depends on its address alone',
  (seed, name, index, size) => {
    const order = createRandom(seed).stream(name, index).permutation(size);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
    const again = createRandom(seed);
    again.stream('other').next();
    expect(again.stream(name, index).permutation(size)).toEqual(order);
  },
);

test('uniform and normal numbers have their moments', () => {
  const stream = createRandom(7).stream('moments');
  const uniform = Array.from({ length: 20_000 }, () => stream.next());
  const normal = Array.from({ length: 20_000 }, () => stream.normal());
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(uniform.every((value) => value >= 0 && value < 1)).toBe(true);
  expect(mean(uniform)).toBeCloseTo(0.5, 2);
  expect(mean(normal)).toBeCloseTo(0, 1);
  expect(mean(normal.map((value) => value ** 2))).toBeCloseTo(1, 1);
});
