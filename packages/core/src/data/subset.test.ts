import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { createRandom } from '../random.js';
import { arrayDataSet } from './array-data-set.js';
import { split } from './split.js';
import { subset } from './subset.js';

const ten = arrayDataSet({
  inputs: Float32Array.from({ length: 10 }, (_, i) => i),
  labels: new Int32Array(10),
  inputShape: [1],
  classes: 2,
});
const batchOf = async (indices: Int32Array, positions: readonly number[]) => {
  const { inputs, labels } = await subset(ten, indices).batch(Int32Array.from(positions));
  const values = [...inputs.dataSync()];
  inputs.dispose();
  labels.dispose();
  return values;
};

describe('subset', () => {
  test('subset has the named samples in their order', async () => {
    expect(subset(ten, Int32Array.of(7, 3))).toMatchObject({ size: 2, inputShape: [1], classes: 2 });
    expect(await batchOf(Int32Array.of(7, 3, 9), [2, 0])).toEqual([9, 7]);
  });

  test('subset of a subset has the samples of both', () => {
    expect(subset(subset(ten, Int32Array.of(7, 3, 9)), Int32Array.of(2)).size).toBe(1);
  });

  test('subset keeps the properties of the data set', () => {
    expect(subset({ ...ten, varying: true }, Int32Array.of(0)).varying).toBe(true);
    const named = { preparation: { type: 'scale', factor: 2 }, classNames: ['a', 'b'], inputNames: ['x'] } as const;
    expect(subset({ ...ten, ...named }, Int32Array.of(0))).toMatchObject(named);
    expect('varying' in subset(ten, Int32Array.of(0))).toBe(false);
  });

  test('subset refuses an empty list and unknown samples', async () => {
    expect(() => subset(ten, new Int32Array(0))).toThrow('indices: must name at least one sample, got none');
    expect(() => subset(ten, Int32Array.of(0, 10))).toThrow('indices[1]: must be from 0 to 9, got 10');
    await expect(batchOf(Int32Array.of(7, 3), [2])).rejects.toThrow('indices[0]: must be from 0 to 1, got 2');
  });
});

describe('split', () => {
  const sizes = fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(20));
  test.prop([sizes, fc.nat()])('split makes parts of the given sizes that share no sample', ([a, b, c, rest], seed) => {
    const parts = split(a + b + c + rest, [a, b, c], createRandom(seed).stream('split'));
    expect(parts.map((part) => part.length)).toEqual([a, b, c]);
    const all = parts.flatMap((part) => [...part]);
    expect(new Set(all).size).toBe(a + b + c);
    expect(all.every((index) => index >= 0 && index < a + b + c + rest)).toBe(true);
  });

  test('split is a function of the seed', () => {
    const cut = (seed: number) => split(100, [50, 50], createRandom(seed).stream('split'));
    expect(cut(1)).toEqual(cut(1));
    expect(cut(1)).not.toEqual(cut(2));
  });

  test.each([[[8, 3]], [[-1, 5]], [[2.5]], [[NaN]]])('split refuses parts of %j from 10', (parts) => {
    expect(() => split(10, parts, createRandom(1).stream('split'))).toThrow(/parts of .* samples cannot be cut from 10/);
  });
});
