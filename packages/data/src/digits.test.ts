import '@tensorflow/tfjs-node';
import { readdirSync, readFileSync } from 'node:fs';
import { fc, test } from '@fast-check/vitest';
import type { DataSplits } from '@temper/core';
import { describe, expect } from 'vitest';
import { digits } from './digits.js';
import { readBatch } from './testing/read-batch.js';

type Options = NonNullable<Parameters<typeof digits>[0]>;
const few = { train: 40, validation: 20, test: 20 };
const drawn = (options: Options): DataSplits => digits({ ...few, ...options })();
const bytesOf = (inputs: Float32Array): Uint8Array => Uint8Array.from(inputs, (level) => Math.round(level * 255));

/** FNV-1a. */
const checksum = (bytes: Uint8Array): string =>
  bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5).toString(16);

test('digits are 28×28 grey levels from 0 to 1, with equal shares of each digit', async () => {
  const { train, validation, test } = drawn({ mislabelled: 0 });
  expect([train, validation, test].map(({ size, inputShape, classes }) => ({ size, inputShape, classes }))).toEqual(
    [40, 20, 20].map((size) => ({ size, inputShape: [28, 28, 1], classes: 10 })),
  );
  const { inputs, labels, shape } = await readBatch(train);
  expect(shape).toEqual([40, 28, 28, 1]);
  expect(inputs.every((level) => level >= 0 && level <= 1)).toBe(true);
  for (let digit = 0; digit < 10; digit++) expect(labels.filter((label) => label === digit)).toHaveLength(4);
});

test('the defaults make 5,000 training, 1,000 validation and 2,000 test samples', () => {
  const { train, validation, test } = digits()() as DataSplits;
  expect([train.size, validation.size, test.size]).toEqual([5000, 1000, 2000]);
});

describe('reproducibility', () => {
  // What was drawn when this was written. Any other number means that some machine draws other digits than this one.
  test.each([
    [{ seed: 1 }, '9e0837ac'],
    [{ seed: 2, difficulty: 2 }, '11e926c0'],
    [{ seed: 1, difficulty: 0 }, 'c9f630f1'],
  ])('the digits of %j are the same on every machine', async (options, expected) => {
    const { inputs, labels } = await readBatch(drawn(options).train);
    expect(checksum(Uint8Array.of(...bytesOf(inputs), ...labels))).toBe(expected);
  });

  test('drawing calls no function whose last bits depend on the engine', () => {
    const folder = new URL('./drawing/', import.meta.url);
    const used = readdirSync(folder).flatMap((name) => readFileSync(new URL(name, folder), 'utf8').match(/Math\.\w+|\w \*\* /g) ?? []);
    expect(new Set(used)).toEqual(new Set(['Math.ceil', 'Math.floor', 'Math.max', 'Math.min', 'Math.sqrt']));
  });
});

describe('sample i', () => {
  test.prop([fc.integer({ min: 0, max: 2 ** 40 }), fc.integer({ min: 1, max: 12 })], { numRuns: 20 })(
    'sample i does not depend on the number of samples',
    async (seed, size) => {
      const [short, long] = [drawn({ seed, train: size }), drawn({ seed, train: 13 })];
      const all = Array.from({ length: size }, (_, i) => i);
      expect(await readBatch(short.train)).toEqual(await readBatch(long.train, all));
    },
  );

  test('samples differ between seeds, between parts and within a digit', async () => {
    const [one, two] = [drawn({ seed: 1 }), drawn({ seed: 2 })];
    const seen = new Set<string>();
    for (const part of [one.train, one.validation, one.test, two.train]) seen.add(checksum(bytesOf((await readBatch(part, [3])).inputs)));
    seen.add(checksum(bytesOf((await readBatch(one.train, [13])).inputs)));
    expect(seen.size).toBe(5);
  });
});

describe('mistakes in labels', () => {
  const labelsOf = async (part: 'train' | 'validation' | 'test', mislabelled: number) =>
    (await readBatch(drawn({ train: 1000, validation: 100, test: 100, mislabelled })[part])).labels;

  test('the requested share of training labels is wrong, and no other label', async () => {
    const wrong = (await labelsOf('train', 0.2)).filter((label, i) => label !== i % 10).length / 1000;
    expect(wrong).toBeGreaterThan(0.16);
    expect(wrong).toBeLessThan(0.24);
    for (const part of ['validation', 'test'] as const)
      expect((await labelsOf(part, 0.5)).every((label, i) => label === i % 10)).toBe(true);
  });

  test('wrong labels leave the drawings unchanged', async () => {
    const right = await readBatch(drawn({ mislabelled: 0 }).train);
    const wrong = await readBatch(drawn({ mislabelled: 0.5 }).train);
    expect(right.inputs).toEqual(wrong.inputs);
    expect(right.labels).not.toEqual(wrong.labels);
  });
});

test('a digit without variation touches no edge and leaves white corners', async () => {
  const { inputs } = await readBatch(drawn({ difficulty: 0 }).train);
  const edge = inputs.filter((_, i) => i % 28 === 0 || i % 28 === 27 || Math.floor(i / 28) % 28 === 0 || Math.floor(i / 28) % 28 === 27);
  expect(Math.max(...edge)).toBe(0);
});

test.each([
  [{ train: 0 }, 'digits.train: must be a finite number at least 1, got 0'],
  [{ train: 2e9 }, 'digits.train: must be a finite number at most 1000000, got 2000000000'],
  [{ test: 1.5 }, 'digits.test: must be a whole number, got 1.5'],
  [{ seed: -1 }, 'digits.seed: must be a finite number at least 0, got -1'],
  [{ seed: NaN }, 'digits.seed: must be'],
  [{ difficulty: 'hard' }, 'digits.difficulty: must be a number, got "hard"'],
  [{ difficulty: 3 }, 'digits.difficulty: must be a finite number at most 2, got 3'],
  [{ mislabelled: 0.6 }, 'digits.mislabelled: must be a finite number at most 0.5, got 0.6'],
  [{ noise: 1 }, 'unknown option "noise"; allowed: seed, train, validation, test, difficulty, mislabelled'],
])('digits refuses %j', (options, message) => {
  expect(() => digits(options as Options)).toThrow(message);
});
