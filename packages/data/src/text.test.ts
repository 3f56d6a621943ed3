import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { load } from './testing/load.js';
import { memoryFiles } from './testing/memory-files.js';
import { readBatch } from './testing/read-batch.js';

const loaded = (text: string | Uint8Array, options: object = {}) =>
  load({ type: 'text', path: 't.txt', ...options }, memoryFiles({ 't.txt': text }));
const shares = { validation: 0.25, test: 0.2 } as const;

test('samples are windows of characters, and labels are the next characters', async () => {
  const { train, validation, test } = await loaded('abcabcabcabcabcabcab', { length: 2, ...shares });
  expect(train).toMatchObject({ size: 5, inputShape: [2], classes: 3 });
  expect(await readBatch(train)).toEqual({
    inputs: Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1, 2, 0),
    labels: Int32Array.of(1, 2, 0, 1, 2, 0, 1, 2, 0, 1),
    shape: [5, 2],
  });
  expect([validation.size, test.size]).toEqual([1, 1]);
  expect((await readBatch(validation)).inputs).toEqual(Int32Array.of(0, 1));
  expect((await readBatch(test)).inputs).toEqual(Int32Array.of(1, 2));
});

test('classes are complete characters in the order of their code points', async () => {
  const { train } = await loaded(`\ufeff${'z😀é\n'.repeat(30)}`, { length: 4 });
  expect(train.classes).toBe(4);
  expect((await readBatch(train, [0])).inputs).toEqual(Int32Array.of(1, 3, 2, 0));
});

test.prop([fc.string({ minLength: 60, maxLength: 300 }).filter((s) => new Set(s).size > 1), fc.integer({ min: 1, max: 4 })])(
  'consecutive windows of each part give back its text',
  async (text, length) => {
    const characters = Array.from(text);
    const alphabet = [...new Set(characters)].sort((a, b) => (a.codePointAt(0) as number) - (b.codePointAt(0) as number));
    const splits = await loaded(text, { length, ...shares });
    const tested = Math.floor(characters.length * 0.8);
    const starts = { train: 0, validation: Math.floor(tested * 0.75), test: tested };
    for (const [name, start] of Object.entries(starts)) {
      const part = splits[name as keyof typeof starts];
      const { inputs, labels } = await readBatch(part);
      const read = (ids: ArrayLike<number>): string => Array.from(ids, (id) => alphabet[id]).join('');
      expect(read(inputs)).toBe(characters.slice(start, start + part.size * length).join(''));
      expect(read(labels)).toBe(characters.slice(start + 1, start + 1 + part.size * length).join(''));
    }
  },
);

describe('refused', () => {
  test.each<[string, string | Uint8Array, object, string]>([
    ['an empty file', '', {}, 't.txt: is empty'],
    ['one character', 'aaaa', {}, 't.txt: holds only one character, "a"; there must be at least two'],
    ['a text that is too short', 'ab'.repeat(50), {}, 't.txt: is too short: 9 characters for validation, which needs 65'],
    ['bytes that are not UTF-8', Uint8Array.of(0xff, 0xfd, 0x61, 0), {}, 't.txt: is not text in UTF-8'],
    ['samples without characters', 'ab', { length: 0 }, 'length: must be a finite number at least 1, got 0'],
    ['a split without test data', 'ab', { test: 0 }, 'test: must be a finite number above 0, got 0'],
  ])('text refuses %s', async (_, text, options, message) => {
    await expect(loaded(text, options)).rejects.toThrow(
      expect.objectContaining({ fault: 'user', message: expect.stringContaining(message) }),
    );
  });
});
