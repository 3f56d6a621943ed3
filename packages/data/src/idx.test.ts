import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import type { Files } from '@temper/core';
import { describe, expect } from 'vitest';
import { idxBytes } from './testing/idx-bytes.js';
import { load, loaderOf } from './testing/load.js';
import { memoryFiles } from './testing/memory-files.js';
import { readBatch } from './testing/read-batch.js';
import { images, labels, config, pairOf, folder, samplesOf } from './testing/idx-files.js';

describe('one pair of files', () => {
  test('a pair of files is split into training, validation and test data', async () => {
    const splits = await load(config({ test: 0.2, validation: 0.25 }), pairOf(100));
    expect([splits.train.size, splits.validation.size, splits.test.size]).toEqual([60, 20, 20]);
    expect(splits.train).toMatchObject({ inputShape: [2, 1, 1], classes: 10 });
    const ids = (await samplesOf(splits)).flat();
    expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  test.prop([fc.integer({ min: 3, max: 90 }), fc.integer({ min: 0, max: 1000 })], { numRuns: 20 })(
    'no sample of a pair is in two parts, and a seed gives the same split',
    async (size, seed) => {
      const once = await samplesOf(await load(config({ seed }), pairOf(size)));
      expect(new Set(once.flat()).size).toBe(size);
      expect(once.every((part) => part.length > 0)).toBe(true);
      expect(await samplesOf(await load(config({ seed }), pairOf(size)))).toEqual(once);
    },
  );

  test('another seed splits a pair differently', async () => {
    const [one, two] = [await load(config({ seed: 1 }), pairOf(50)), await load(config({ seed: 2 }), pairOf(50))];
    expect(await samplesOf(one)).not.toEqual(await samplesOf(two));
  });

  test('limit shortens the training part and no other part', async () => {
    const whole = await samplesOf(await load(config(), pairOf(50)));
    const limited = await samplesOf(await load(config({ limit: 7 }), pairOf(50)));
    expect(limited).toEqual([whole[0]?.slice(0, 7), whole[1], whole[2]]);
  });

  test('bytes are scaled to 0 … 1, and floats are not scaled', async () => {
    const one = await load(config(), pairOf(50));
    expect((await readBatch(one.train, [0])).inputs[1]).toBe(Math.fround(51 / 255));
    const floats = idxBytes([4, 1], Array.from({ length: 4 }, () => [0x42, 0x48, 0, 0]).flat(), 0x0d);
    const other = await load(config(), memoryFiles({ i: floats, l: labels(4) }));
    expect([...(await readBatch(other.train)).inputs]).toEqual([50, 50]);
  });
});

describe('a folder', () => {
  test('test files give the test data, and validation comes from training alone', async () => {
    const [train, validation, tested] = await samplesOf(
      await load({ type: 'idx', folder: 'd', validation: 0.2 }, memoryFiles(folder(50, 20))),
    );
    expect(tested).toEqual(Array.from({ length: 20 }, (_, i) => 200 + i));
    expect([...(train ?? []), ...(validation ?? [])].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(validation).toHaveLength(10);
  });

  test('a folder with one pair is split like a pair', async () => {
    const { 'd/t10k-images-idx3-ubyte.gz': i, 'd/t10k-labels-idx1-ubyte.gz': l } = folder(1, 30);
    const splits = await load({ type: 'idx', folder: 'd' }, memoryFiles({ 'd/t10k-images.idx3-ubyte': i, 'd/t10k-labels.idx1-ubyte': l }));
    expect([splits.train.size, splits.validation.size, splits.test.size]).toEqual([22, 2, 6]);
  });

  test('a folder without IDX files is refused with a list of its files', async () => {
    const files = memoryFiles({ 'd/readme.txt': 'x', 'd/notes.md': 'x' });
    await expect(load({ type: 'idx', folder: 'd' }, files)).rejects.toThrow(
      'there is no train-images-idx3-ubyte (or train-images-idx3-ubyte.gz) in d\n  The folder holds readme.txt, notes.md.',
    );
    await expect(load({ type: 'idx', folder: 'e' }, files)).rejects.toThrow('The folder is empty.');
  });

  test('a folder with half a pair is refused with the missing and the nearest file', async () => {
    const { 'd/train-labels-idx1-ubyte': l, ...rest } = folder(10, 5);
    const files = memoryFiles({ ...rest, 'd/train-label-idx1-ubyte': l });
    await expect(load({ type: 'idx', folder: 'd' }, files)).rejects.toThrow(
      expect.objectContaining({
        code: 'data/not-found',
        message: expect.stringMatching(/there is no train-labels-idx1-ubyte .* in d\n {2}Nearest in the folder: train-label-idx1-ubyte\./),
      }),
    );
  });
});

describe('files that do not fit', () => {
  test.each<[string, Record<string, Uint8Array>, string]>([
    ['fewer labels than images', { i: images(10), l: labels(9) }, 'i: holds 10 samples, but l 9 labels'],
    [
      'images and labels swapped',
      { i: labels(10), l: images(10) },
      'l: must hold one label for each sample, got numbers of shape [10, 2, 1]\n  Are images and labels swapped?',
    ],
    ['labels twice', { i: labels(10), l: labels(10) }, 'i: must hold samples, got a single row of numbers'],
    [
      'a label outside of the classes',
      { i: images(3), l: idxBytes([3], [1, 2, 12]) },
      'labels[2]: must be an integer from 0 to 9, got 12 (i, l)',
    ],
    ['no samples', { i: idxBytes([0, 2, 1], []), l: idxBytes([0], []) }, 'i: holds no samples'],
    ['too few samples', { i: images(2), l: labels(2) }, 'i: has too few samples (2) for training, validation and test data'],
    ['a cut-off file', { i: images(10).subarray(0, 20), l: labels(10) }, 'i: is cut off'],
    ['a wrong magic number', { i: Uint8Array.of(0, 0, 7, 3, 0), l: labels(10) }, 'i: is not an IDX file'],
    ['a missing file', { i: images(10), m: labels(10) }, 'unknown file "l"'],
  ])('idx refuses %s', async (_, contents, message) => {
    await expect(load(config(), memoryFiles(contents))).rejects.toThrow(
      expect.objectContaining({ fault: 'user', message: expect.stringContaining(message) }),
    );
  });

  test('idx refuses NaN among floats', async () => {
    const floats = idxBytes([3, 1], [0x7f, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0x0d);
    await expect(load(config(), memoryFiles({ i: floats, l: labels(3) }))).rejects.toThrow(
      'inputs[0]: must be finite numbers, got NaN as number 0 of the sample (i, l)',
    );
  });

  test('idx refuses test samples of another shape', async () => {
    const files = memoryFiles({ i: images(10), l: labels(10), ti: idxBytes([2, 3, 1], new Uint8Array(6)), tl: labels(2) });
    await expect(load(config({ testImages: 'ti', testLabels: 'tl' }), files)).rejects.toThrow(
      'ti: holds samples of shape [3, 1, 1], the training file [2, 1, 1]',
    );
  });
});

describe('the number of training samples', () => {
  /** Files that count the bytes of the pieces that are read. */
  const counting = (files: Files): { readonly files: Files; read: () => number } => {
    let bytes = 0;
    const open = async (path: string) => {
      const file = await files.open(path);
      const chunks = async function* () {
        for await (const chunk of file.chunks()) {
          bytes += chunk.length;
          yield chunk;
        }
      };
      return { ...file, chunks };
    };
    return { files: { ...files, open }, read: () => bytes };
  };

  test.each([
    ['of a pair', { type: 'idx', images: 'i', labels: 'l', limit: 700 }, { i: images(5000), l: labels(5000) }],
    ['of a pair without a limit', { type: 'idx', images: 'i', labels: 'l', test: 0.3 }, { i: images(5000), l: labels(5000) }],
    ['of a folder', { type: 'idx', folder: 'd' }, folder(5000, 5000)],
  ] as const)('trainSize of the data %s is read from the headers alone', async (_, config, contents) => {
    const { files, read } = counting(memoryFiles(contents));
    expect(await loaderOf(config, files).trainingSize?.()).toBe((await load(config, memoryFiles(contents))).train.size);
    expect(read()).toBeLessThan(5000);
  });

  test('trainSize refuses files of different lengths with the message of loading', async () => {
    const files = memoryFiles({ i: images(50), l: labels(49) });
    await expect(loaderOf(config(), files).trainingSize?.()).rejects.toThrow('holds 50 samples, but l 49 labels');
  });
});
