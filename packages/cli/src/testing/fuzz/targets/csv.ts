import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createKit, createRandom, type RandomStream } from '@temper/core';
import { data } from '@temper/data';
import { loadBackend, node } from '@temper/node';
import { changedBytes } from '../change-bytes.js';
import { changedValue } from '../change-value.js';
import { oneOf } from '../odd-values.js';
import { scratch } from '../scratch.js';
import type { Target } from '../target.js';
import { useData } from '../use-data.js';

const kinds = ['setosa', 'virginica', 'versicolor'];

/** Returns forty lines of a table; a function makes a line from its number and three measurements. */
function table(line: (i: number, values: readonly string[]) => string, { head = '', end = '\n' } = {}): Buffer {
  const random = createRandom(5).stream('table');
  const lines = Array.from({ length: 40 }, (_, i) =>
    line(
      i,
      Array.from({ length: 3 }, () => random.normal().toFixed(3)),
    ),
  );
  return Buffer.from([...(head === '' ? [] : [head]), ...lines, ''].join(end));
}

interface Seed {
  readonly file: Buffer;
  readonly options: Readonly<Record<string, unknown>>;
}

const seeds: readonly Seed[] = [
  { file: table((i, cells) => [...cells, kinds[i % 3]].join(','), { head: 'a,b,c,species' }), options: { label: 'species' } },
  { file: table((i, cells) => [i % 3, ...cells].join(';')), options: { label: 0, header: false, separator: ';', classes: 3, scale: 0.1 } },
  {
    file: table((i, cells) => [i, ...cells, `"${kinds[i % 3] ?? ''}, wild"`].join('\t'), { head: '\tx\ty\tz\tlabel', end: '\r\n' }),
    options: { label: 'last' },
  },
  {
    file: table((i, cells) => `${i % 9 === 0 ? '# a remark\n' : ''}"${cells.join('","')}",${i % 2}`, { head: 'a,b,"c ""quoted""",y' }),
    options: { label: 'y', inputs: ['a', 1], inputShape: [2, 1], classes: ['no', 'yes'], validation: 0.2, test: 0.3, memory: 50, seed: 4 },
  },
];
const files = seeds.map(({ file }) => file);
const options = seeds.map((seed) => seed.options);

/** Tables in CSV files, compressed or not, and their options. */
export const csv: Target = {
  name: 'csv',
  what: 'CSV files',
  async start() {
    await loadBackend('cpu');
    const { folder, close } = await scratch();
    const kit = createKit({ plugins: [data, node()] });
    const path = join(folder, 'table.csv');
    return {
      close,
      async attempt(random) {
        const { file, given } = changed(oneOf(seeds, random), random);
        await writeFile(path, file);
        const run = async (): Promise<void> => useData(kit.data({ ...given, type: 'csv', path, ...testPath(given, path) } as never));
        return { given: { file: file.toString('base64'), given }, run };
      },
    };
  },
};

const testPath = (given: object, path: string): object => ('testPath' in given ? { testPath: path } : {});

function changed({ file, options: valid }: Seed, random: RandomStream): { readonly file: Buffer; readonly given: object } {
  const what = random.integer(8);
  if (what < 2) return { file, given: Object(changedValue(valid, random, { donors: options })) as object };
  const content = Buffer.from(changedBytes(file, random, files));
  if (what === 2) return { file: Buffer.from(changedBytes(gzipSync(file), random)), given: valid };
  return { file: what === 3 ? gzipSync(content) : content, given: valid };
}
