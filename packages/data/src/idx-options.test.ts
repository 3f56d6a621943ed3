import '@tensorflow/tfjs-node';
import { test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { idxBytes } from './testing/idx-bytes.js';
import { load } from './testing/load.js';
import { memoryFiles } from './testing/memory-files.js';
import { readBatch } from './testing/read-batch.js';
import { images, labels, pair, config, pairOf, samplesOf } from './testing/idx-files.js';

describe('files larger than the memory limit', () => {
  test('samples of a large file stay on disk and are the same in each part', async () => {
    const [kept, stored] = [await load(config(), pairOf(50)), await load(config({ memory: 99 }), pairOf(50))];
    expect([kept.train.inMemory, stored.train.inMemory, stored.test.inMemory]).toEqual([true, false, false]);
    expect(await samplesOf(stored)).toEqual(await samplesOf(kept));
    expect((await readBatch(stored.train, [3, 1])).inputs).toEqual((await readBatch(kept.train, [3, 1])).inputs);
  });

  test('a compressed file is unpacked to the disk', async () => {
    const packed = memoryFiles({ i: images(50), l: labels(50) }, (path) => path === 'i');
    const [kept, stored] = [await load(config(), pairOf(50)), await load(config({ memory: 99 }), packed)];
    expect(stored.train.inMemory).toBe(false);
    expect(await samplesOf(stored)).toEqual(await samplesOf(kept));
  });

  test('a file on disk may hold floats', async () => {
    const floats = idxBytes(
      [4, 1],
      [0, 1, 2, 3].flatMap((i) => [0x42, 0x48, i, 0]),
      0x0d,
    );
    const files = memoryFiles({ i: floats, l: labels(4) });
    expect(await readBatch((await load(config({ memory: 1 }), files)).train)).toEqual(await readBatch((await load(config(), files)).train));
  });
});

describe('options that do not fit', () => {
  test.each<[object, string]>([
    [{}, 'folder: is missing; give a folder, or the files images and labels'],
    [{ images: 'i' }, 'labels: is missing; images and labels belong together'],
    [{ labels: 'l' }, 'images: is missing; images and labels belong together'],
    [{ ...pair, testImages: 'ti' }, 'testLabels: is missing; testImages and testLabels belong together'],
    [{ folder: 'd', images: 'i' }, 'images: not allowed together with `folder`'],
    [{ folder: '' }, 'folder: must have at least 1 characters, got 0'],
    [{ folder: 'd', validation: 1 }, 'validation: must be a finite number below 1, got 1'],
    [{ folder: 'd', limit: 0 }, 'limit: must be a finite number at least 1, got 0'],
    [{ folder: 'd', classes: 1 }, 'classes: must be a finite number at least 2, got 1'],
    [{ folder: 'd', classes: 1e9 }, 'classes: must be a finite number at most 1000000, got 1000000000'],
    [{ foldr: 'd' }, 'unknown option "foldr"; did you mean "folder"?'],
  ])('idx refuses %j before it reads a file', async (options, message) => {
    await expect(load({ type: 'idx', ...options }, memoryFiles({}))).rejects.toThrow(
      expect.objectContaining({ code: 'config/invalid', message: expect.stringContaining(message) }),
    );
  });
});
