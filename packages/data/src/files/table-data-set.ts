import { arrayDataSet, prepare, storedDataSet, type DataSet, type NumberPreparation, type StoredData } from '@temper/core';
import type { RowNumbers } from './row-numbers.js';

/**
 * Prepared samples of a table as a data set, in memory or on the disk as its numbers are. Numbers in memory are prepared where they are,
 * so that they take no memory twice: the table must not be used afterwards.
 */
export async function tableDataSet(numbers: RowNumbers, preparation: NumberPreparation, facts: Omit<StoredData, 'read'>): Promise<DataSet> {
  const { inMemory, read } = numbers;
  if (inMemory !== undefined) {
    const inPlace = new Float32Array(inMemory.buffer, inMemory.byteOffset, inMemory.length);
    return arrayDataSet({ ...facts, inputs: prepare(inMemory, preparation, inPlace) });
  }
  return storedDataSet({ ...facts, read: async (indices) => prepare(await read(indices), preparation) });
}
