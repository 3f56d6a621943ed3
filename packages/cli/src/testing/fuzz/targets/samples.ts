import { readSamples, type SamplesFor } from '@temper/data';
import { changedBytes } from '../change-bytes.js';
import { oneOf } from '../odd-values.js';
import type { Target } from '../target.js';

const names = ['a', 'b', 'c'];
const wanted: readonly SamplesFor[] = [
  { shape: [3], names, isText: false },
  { shape: [3], isText: false },
  { shape: [3, 1], names: ['0', '1', '2'], isText: false },
  { shape: [3], isText: true },
];
const idx = Buffer.concat([Buffer.from([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3]), Buffer.from([1, 2, 3, 4, 5, 6])]);
const files = [
  'a,b,c\n1,2,3\n4,5,6\n',
  'label;c;b;a\nx;1;2;3\ny;-1e3;.5;0\n',
  '1,2,3\n4,5,6\n',
  '[1,2,3]\n[4,5,6]\n',
  '[[1,2,3],[[4],[5],[6]]]',
  '{"a":1,"b":2,"c":3}\n{"c":1,"b":2,"a":3,"d":4}\n',
  '"some text"\n"another"\n',
  'plain text\nof two lines\n',
]
  .map((text) => Buffer.from(text))
  .concat(idx);

/** Files of samples to predict, in all their forms. */
export const samples: Target = {
  name: 'samples',
  what: 'files of samples',
  start: () =>
    Promise.resolve({
      attempt(random) {
        const bytes = changedBytes(oneOf(files, random), random, files);
        const form = oneOf(wanted, random);
        return { given: { bytes: Buffer.from(bytes).toString('base64'), form }, run: () => readSamples(bytes, 'samples', form) };
      },
    }),
};
