import { arrayDataSet, defineData, Tokens, type DataSet } from '@temper/core';
import { z } from 'zod';
import { decodeText } from './files/decode-text.js';
import { invalid } from './files/invalid.js';

const share = z.number().gt(0).lt(1);

/**
 * Next-character prediction on a text file (UTF-8, compressed with gzip or not): a sample is `length` characters as
 * int32 numbers `[length]`, its labels `[length]` are the characters that follow each of them. Classes are the different characters of the
 * text, in order of their code points.
 *
 * The text is cut in three, training first and test last, so that no window is in two parts; within a part windows
 * follow each other without overlap, and a rest shorter than a window is left out.
 * @throws TemperError `data/not-found` for a missing file; `data/invalid` for one that is not UTF-8 or too short.
 * @example kit.data({ type: 'text', path: 'shakespeare.txt', length: 128 })
 */
export const text = defineData({
  type: 'text',
  options: z.strictObject({
    path: z.string().min(1).describe('The file.'),
    length: z.int().min(1).max(100_000).default(64).describe('Characters in a sample.'),
    validation: share.default(0.1).describe('Share of the text that is kept for validation.'),
    test: share.default(0.1).describe('Share of the text that is kept for the test.'),
  }),
  create: ({ path, length, validation, test }, services) => {
    const files = services.get(Tokens.Files);
    return async () => {
      const characters = Array.from(decodeText(await files.read(path), path));
      const { ids, alphabet } = numbered(characters, path);
      const tested = Math.floor(ids.length * (1 - test));
      const validated = Math.floor(tested * (1 - validation));
      const windows = (part: string, from: number, to: number): DataSet => {
        // The last label of a part is one character past its last window.
        const size = Math.floor((to - from - 1) / length);
        if (size < 1)
          throw invalid(
            path,
            `is too short: ${to - from} characters for ${part}, which needs ${length + 1}`,
            'Give a longer text, a smaller length or larger shares.',
          );
        const end = from + size * length;
        return arrayDataSet({
          inputs: ids.subarray(from, end),
          labels: ids.subarray(from + 1, end + 1),
          inputShape: [length],
          labelShape: [length],
          classes: alphabet.length,
          classNames: alphabet,
          preparation: { type: 'vocabulary', characters: alphabet },
          source: path,
        });
      };
      return {
        train: windows('training', 0, validated),
        validation: windows('validation', validated, tested),
        test: windows('the test', tested, ids.length),
      };
    };
  },
});

/** Characters as numbers from 0, in order of their code points. */
function numbered(characters: readonly string[], path: string): { ids: Int32Array; alphabet: readonly string[] } {
  const codeOf = (character: string): number => character.codePointAt(0) as number;
  const alphabet = [...new Set(characters)].sort((a, b) => codeOf(a) - codeOf(b));
  if (alphabet.length < 2)
    throw invalid(
      path,
      alphabet.length === 0 ? 'is empty' : `holds only one character, ${JSON.stringify(alphabet[0])}; there must be at least two`,
    );
  const ids = new Map(alphabet.map((character, i) => [character, i]));
  return { ids: Int32Array.from(characters, (character) => ids.get(character) as number), alphabet };
}
