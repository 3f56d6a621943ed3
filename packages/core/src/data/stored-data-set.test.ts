import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { expectNoLeakedTensors } from '../testing/index.js';
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

test('it says the same of its samples, but that they are not in memory', async () => {
  const { batch: _, labels: ofStored, ...stored } = await storedDataSet({ ...facts, labels, read });
  const { batch: __, labels: ofKept, fingerprint: ___, ...kept } = arrayDataSet({ ...facts, labels, inputs: pixels });
  expect(stored).toEqual({ ...kept, inMemory: false });
  expect(ofStored?.(Int32Array.of(4, 2))).toEqual(ofKept?.(Int32Array.of(4, 2)));
});

test('labels outside of the classes and indices outside of the data are refused', async () => {
  await expect(storedDataSet({ ...facts, labels: labels.map((label) => label + 1), read, source: 'x.idx' })).rejects.toThrow(
    'labels[2]: must be an integer from 0 to 2, got 3 (x.idx)',
  );
  await expect((await storedDataSet({ ...facts, labels, read })).batch(Int32Array.of(20))).rejects.toThrow(
    'indices[0]: must be from 0 to 19, got 20',
  );
});
