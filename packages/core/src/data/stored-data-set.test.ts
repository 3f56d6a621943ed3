import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { expectNoLeakedTensors } from '@temper/testing';
import { arrayDataSet } from './array-data-set.js';
import { storedDataSet } from './stored-data-set.js';
import type { DataSet } from '../contracts/data.js';

const pixels = Uint8Array.from({ length: 40 }, (_, i) => (i * 37) % 256);
const labels = Int32Array.from({ length: 20 }, (_, i) => i % 3);
const facts = { inputShape: [2, 1], classes: 3, scale: 1 / 255, classNames: ['a', 'b', 'c'] };
const read = async (indices: Int32Array) =>
  Uint8Array.from(Array.from(indices, (index) => [...pixels.subarray(2 * index, 2 * index + 2)]).flat());

const valuesOf = async (data: DataSet, indices: readonly number[]) => {
  const batch = await data.batch(Int32Array.from(indices));
  const values = [batch.inputs.shape, [...batch.inputs.dataSync()], [...batch.labels.dataSync()]];
  batch.inputs.dispose();
  batch.labels.dispose();
  return values;
};

test.prop([fc.array(fc.integer({ min: 0, max: 19 }), { minLength: 1, maxLength: 30 })])(
  'batches equal those of the same samples in memory',
  async (indices) => {
    await expectNoLeakedTensors(async () => {
      const [stored, kept] = [await storedDataSet({ ...facts, labels, read }), arrayDataSet({ ...facts, labels, inputs: pixels })];
      expect(await valuesOf(stored, indices)).toEqual(await valuesOf(kept, indices));
    });
  },
);

test('the properties equal those in memory, except for inMemory', async () => {
  const { batch: _, labels: ofStored, fingerprint: ____, ...stored } = await storedDataSet({ ...facts, labels, read });
  const { batch: __, labels: ofKept, fingerprint: ___, ...kept } = arrayDataSet({ ...facts, labels, inputs: pixels });
  expect(stored).toEqual({ ...kept, inMemory: false });
  expect(ofStored?.(Int32Array.of(4, 2))).toEqual(ofKept?.(Int32Array.of(4, 2)));
});

test.prop([fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5 }), fc.boolean(), fc.integer({ min: 0, max: 3 })], { numRuns: 40 })(
  'the fingerprint equals that of the samples in memory',
  async (size, width, areBytes, offset) => {
    const values = Array.from({ length: size * width }, (_, i) => (i * 37) % 256);
    const kept = areBytes ? Uint8Array.from([0, 0, 0, ...values]).subarray(3) : Float32Array.from(values);
    const readRows = async (indices: Int32Array) => {
      const rows = Array.from(indices, (index) => values.slice(index * width, (index + 1) * width)).flat();
      return areBytes ? new Uint8Array([...new Array<number>(offset).fill(0), ...rows]).subarray(offset) : Float32Array.from(rows);
    };
    const own = { inputShape: [width], classes: 3, firstLabel: 1, labels: Int32Array.from({ length: size }, (_, i) => 1 + (i % 3)) };
    const stored = await storedDataSet({ ...own, read: readRows });
    expect(await stored.fingerprint?.()).toBe(await arrayDataSet({ ...own, inputs: kept }).fingerprint?.());
    const other = await storedDataSet({ ...own, read: async (indices) => (await readRows(indices)).map((value) => value ^ 1) });
    expect(await other.fingerprint?.()).not.toBe(await stored.fingerprint?.());
  },
);

test('the fingerprint of data read in several pieces equals that in memory', async () => {
  const width = 2 ** 19;
  const inputs = Uint8Array.from({ length: 10 * width }, (_, i) => (i * 7919) >>> 5);
  const own = { inputShape: [width], classes: 2, labels: Int32Array.from({ length: 10 }, (_, i) => i % 2) };
  const asked: number[] = [];
  const stored = await storedDataSet({
    ...own,
    read: async (indices) => (
      asked.push(indices.length), inputs.slice((indices[0] as number) * width, ((indices.at(-1) as number) + 1) * width)
    ),
  });
  asked.length = 0;
  const [first, again] = [await stored.fingerprint?.(), await stored.fingerprint?.()];
  expect(first).toBe(await arrayDataSet({ ...own, inputs }).fingerprint?.());
  expect(again).toBe(first);
  expect(asked).toEqual([4, 4, 2]);
});

test('labels outside of the classes and indices outside of the data are refused', async () => {
  await expect(storedDataSet({ ...facts, labels: labels.map((label) => label + 1), read, source: 'x.idx' })).rejects.toThrow(
    'labels[2]: must be an integer from 0 to 2, got 3 (x.idx)',
  );
  await expect((await storedDataSet({ ...facts, labels, read })).batch(Int32Array.of(20))).rejects.toThrow(
    'indices[0]: must be from 0 to 19, got 20',
  );
});
