import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { DataSet } from '../contracts/data.js';
import { expectNoLeakedTensors } from '@temper/testing';
import { batchesInOrder, disposeBatch, readAhead } from './read-ahead.js';

/** Samples that are their own index; notes which batches were begun. */
function numbered(
  facts: Partial<DataSet> = {},
  fails: (indices: Int32Array) => boolean = () => false,
): { data: DataSet; begun: number[][] } {
  const begun: number[][] = [];
  const data: DataSet = {
    size: 10,
    inputShape: [1],
    classes: 2,
    inMemory: false,
    ...facts,
    async batch(indices) {
      begun.push([...indices]);
      await Promise.resolve();
      if (fails(indices)) throw new Error('no such sample');
      return { inputs: tf.tensor2d([...indices].map((index) => [index])), labels: tf.zeros([indices.length], 'int32') };
    },
  };
  return { data, begun };
}

const [first, second, third] = [Int32Array.of(3, 1), Int32Array.of(2), Int32Array.of(7)] as const;

describe('readAhead', () => {
  test('readAhead starts each batch once before it is requested', async () => {
    await expectNoLeakedTensors(async () => {
      const { data, begun } = numbered();
      const source = readAhead(data);
      source.ahead([first, second]);
      expect(begun).toEqual([[3, 1], [2]]);
      const batch = await source.batch(first);
      expect([...batch.inputs.dataSync()]).toEqual([3, 1]);
      source.ahead([second, third]);
      const later = await source.batch(second);
      expect(begun).toEqual([[3, 1], [2], [7]]);
      [batch, later].forEach(disposeBatch);
      await source.dispose();
    });
  });

  test('readAhead frees batches that are never requested', async () => {
    await expectNoLeakedTensors(async () => {
      const source = readAhead(numbered().data);
      source.ahead([first, second]);
      source.ahead([third]);
      await source.dispose();
    });
  });

  test('readAhead reports a failure only to the caller of the failed batch', async () => {
    const source = readAhead(numbered({}, (indices) => indices[0] === 2).data);
    source.ahead([second]);
    await expect(source.batch(second)).rejects.toThrow('no such sample');
    source.ahead([second]);
    await source.dispose();
  });

  test.each([{ inMemory: true }, { inMemory: undefined }, { varying: true }] as Partial<DataSet>[])(
    'readAhead starts no batch of a data set with %j',
    async (facts) => {
      const { data, begun } = numbered(facts);
      const source = readAhead(data);
      source.ahead([first]);
      expect(begun).toEqual([]);
      disposeBatch(await source.batch(first));
      expect(begun).toEqual([[3, 1]]);
    },
  );
});

describe('batchesInOrder', () => {
  test('batchesInOrder gives every sample once and starts the next batch early', async () => {
    await expectNoLeakedTensors(async () => {
      const { data, begun } = numbered();
      const seen: number[] = [];
      for await (const { indices, batch } of batchesInOrder(data, 4)) {
        expect([...batch.inputs.dataSync()]).toEqual([...indices]);
        seen.push(...indices);
        expect(begun.flat().length).toBe(Math.min(10, seen.length + 4));
        disposeBatch(batch);
      }
      expect(seen).toEqual(Array.from({ length: 10 }, (_, i) => i));
    });
  });

  test('batchesInOrder frees the started batch when the reader stops early', async () => {
    await expectNoLeakedTensors(async () => {
      for await (const { batch } of batchesInOrder(numbered().data, 4)) {
        disposeBatch(batch);
        break;
      }
    });
  });
});
