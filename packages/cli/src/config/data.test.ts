import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../testing/temper.js';
import { dataFrom } from './data.js';

const idx = (...sizes: readonly number[]): Uint8Array => {
  const bytes = Buffer.alloc(4 + 4 * sizes.length + sizes.reduce((a, b) => a * b));
  bytes.set([0, 0, 8, sizes.length]);
  sizes.forEach((size, i) => bytes.writeUInt32BE(size, 4 + 4 * i));
  return bytes;
};
const table = 'a;b;label\n1;2;x\n3;4;y\n';

describe('--data with a file', () => {
  test.each<[string, string | Uint8Array]>([
    ['f.csv', table],
    ['f.csv.gz', gzipSync(table)],
    ['f.txt', table],
    ['f.data', table.replaceAll(';', '\t')],
    ['noextension', gzipSync(table)],
  ])('--data recognizes %s as a table by its content', async (name, content) => {
    const path = join(await folderWith({ [name]: content }), name);
    expect(await dataFrom(path, [], undefined)).toEqual({ type: 'csv', label: 'label', path });
    expect(await dataFrom(path, [], { type: 'csv', label: 'last', path: 'other' })).toEqual({ type: 'csv', label: 'last', path });
  });

  test('--data finds the partner of an IDX file', async () => {
    const folder = await folderWith({ 'train-images-idx3-ubyte': idx(2, 2, 2), 'train-labels-idx1-ubyte.gz': gzipSync(idx(2)) });
    const [images, labels] = [join(folder, 'train-images-idx3-ubyte'), join(folder, 'train-labels-idx1-ubyte.gz')];
    expect(await dataFrom(images, [], undefined)).toEqual({ type: 'idx', images, labels });
    expect(await dataFrom(labels, [], undefined)).toEqual({ type: 'idx', images, labels });
  });

  test('--data removes the file names of the config that it replaces', async () => {
    const folder = await folderWith({ 'new.csv': table, 'a-images': idx(2, 2, 2), 'a-labels': idx(2) });
    const path = join(folder, 'new.csv');
    const before = { type: 'csv', path: 'old.csv', testPath: 'test.csv', label: 'kind', validation: 0.3 };
    expect(await dataFrom(path, [], before)).toEqual({ type: 'csv', path, label: 'kind', validation: 0.3 });
    const [images, labels] = [join(folder, 'a-images'), join(folder, 'a-labels')];
    const files = { type: 'idx', folder: 'old', limit: 9 };
    expect(await dataFrom(images, [], files)).toEqual({ type: 'idx', images, labels, limit: 9 });
    const pairs = { type: 'idx', images: 'i', labels: 'l', testImages: 'j', testLabels: 'm', limit: 9 };
    expect(await dataFrom(folder, [], pairs)).toEqual({ type: 'idx', folder, limit: 9 });
  });

  test('--data applies the option comments of the config', async () => {
    const path = join(await folderWith({ 'f.dat': `% made by a meter\n${table}` }), 'f.dat');
    expect(await dataFrom(path, [], { comments: '%' })).toEqual({ type: 'csv', label: 'label', path });
    await expect(dataFrom(path, [], undefined)).rejects.toThrow('is a text without columns');
  });

  test('--data names the type of a file that cannot be used', async () => {
    const folder = await folderWith({
      'text.txt': 'To be or not to be\nthat is the question\n',
      'page.csv2': '<!doctype html><p>',
      'c.json': '{"a":1}',
      'images.bin': idx(2, 2, 2),
    });
    await writeFile(join(folder, 'bytes'), Uint8Array.of(1, 2, 3, 0));
    const said = (name: string) => expect(dataFrom(join(folder, name), [], undefined)).rejects;
    await said('text.txt').toThrow(/is a text without columns\n.*"type":"text"/);
    await said('page.csv2').toThrow('is neither a table nor an IDX file');
    await said('c.json').toThrow('is JSON, not data');
    await said('bytes').toThrow('is neither a table nor an IDX file');
    await said('images.bin').toThrow(/holds images, and the file with their labels is missing next to it\n.*"type":"idx"/);
  });
});
