import '@tensorflow/tfjs-node';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { fc, test } from '@fast-check/vitest';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect } from 'vitest';
import { bundle, ended, start } from '../../../../fixtures/child.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { filesFrom, nodeFiles } from './node-files.js';
import { kit } from '../testing/node-files.js';

describe('read', () => {
  test.prop([fc.uint8Array({ maxLength: 2000 }).filter(([a, b]) => a !== 0x1f || b !== 0x8b)], { numRuns: 20 })(
    'read gives the bytes of a file, compressed or not',
    async (bytes) => {
      const folder = await temporaryFolder();
      await writeFile(join(folder, 'plain'), bytes);
      await writeFile(join(folder, 'packed'), gzipSync(bytes));
      await writeFile(join(folder, 'in two'), Buffer.concat([gzipSync(bytes), gzipSync(bytes)]));
      expect(await nodeFiles.read(join(folder, 'plain'))).toEqual(bytes);
      expect(await nodeFiles.read(join(folder, 'packed'))).toEqual(bytes);
      expect(await nodeFiles.read(join(folder, 'in two'))).toEqual(Uint8Array.of(...bytes, ...bytes));
    },
  );

  test('read answers many concurrent requests', async () => {
    const path = join(await temporaryFolder(), 'a.gz');
    await writeFile(path, gzipSync('digits'));
    const all = await Promise.all(Array.from({ length: 50 }, () => nodeFiles.read(path)));
    expect(new Set(all.map((bytes) => new TextDecoder().decode(bytes)))).toEqual(new Set(['digits']));
  });

  test('read refuses a gzip file that is truncated or damaged', async () => {
    const path = join(await temporaryFolder(), 'a.gz');
    const packed = gzipSync('x'.repeat(1000) + Math.PI);
    await writeFile(path, packed.subarray(0, packed.length - 12));
    await expect(nodeFiles.read(path)).rejects.toThrow(
      `${path}: the gzip file is cut off after ${packed.length - 12} bytes\n  Copy or download the file again.`,
    );
    packed[15] = (packed[15] as number) ^ 0xff;
    await writeFile(path, packed);
    await expect(nodeFiles.read(path)).rejects.toThrow(`${path}: the gzip file is damaged`);
  });

  test('read names a missing file and the nearest name in its folder', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'mnist'));
    await writeFile(join(folder, 'mnist', 'labels.gz'), '');
    const refused = (path: string) => expect(nodeFiles.read(join(folder, path))).rejects;
    await refused('mnist/label.gz').toThrow(
      expect.objectContaining({
        code: 'data/not-found',
        fault: 'user',
        message: `there is no ${join(folder, 'mnist/label.gz')}\n  Did you mean "labels.gz"?`,
      }),
    );
    await refused('mnsit/deep/labels.gz').toThrow(`there is no ${join(folder, 'mnsit')}\n  Did you mean "mnist"?`);
    await refused('mnist/iris.csv').toThrow(`${join(folder, 'mnist')} holds other names, for instance labels.gz.`);
    await rm(join(folder, 'mnist', 'labels.gz'));
    await refused('mnist/iris.csv').toThrow(`${join(folder, 'mnist')} holds nothing.`);
  });

  test('read reports that a path is a folder and lists its files', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.csv'), '');
    await expect(nodeFiles.read(folder)).rejects.toThrow(`cannot read ${folder}: it is a folder\n  Give a file in it, for instance a.csv.`);
  });

  test('read reports that permission is denied', async () => {
    const folder = await temporaryFolder();
    const program = await bundle(new URL('../testing/read-file.ts', import.meta.url), folder);
    const path = join(folder, 'secret.csv');
    await writeFile(path, '1,2');
    await chmod(path, 0);
    await chmod(folder, 0o755);
    // Root may read everything, so there the program runs as nobody.
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const { code, stderr } = await ended(start(program, [path], nobody));
    expect([code, stderr]).toEqual([1, expect.stringContaining(`cannot read ${path}: permission denied (EACCES)`)]);
  });

  test('read reports the error code of the system', async () => {
    const folder = await temporaryFolder();
    await symlink('round', join(folder, 'round'));
    await writeFile(join(folder, 'a'), '');
    await expect(nodeFiles.read(join(folder, 'round'))).rejects.toThrow(
      expect.objectContaining({ code: 'environment/files', message: expect.stringContaining('ELOOP') }),
    );
    await expect(nodeFiles.read(join(folder, 'a', 'b'))).rejects.toThrow('a part of the path is a file, not a folder (ENOTDIR)');
  });
});

describe('list', () => {
  test('list gives the names in a folder in order', async () => {
    const folder = await temporaryFolder();
    for (const name of ['b', 'a', 'c']) await writeFile(join(folder, name), '');
    expect(await nodeFiles.list(folder)).toEqual(['a', 'b', 'c']);
  });

  test('list refuses a path that is not a folder', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a'), '');
    await expect(nodeFiles.list(join(folder, 'a'))).rejects.toThrow(
      `cannot list ${join(folder, 'a')}: it is a file, not a folder\n  Give its folder, ${folder}.`,
    );
    await expect(nodeFiles.list(join(folder, 'b'))).rejects.toThrow(`there is no ${join(folder, 'b')}\n  Did you mean "a"?`);
  });
});

const mnist = fileURLToPath(new URL('../../../../../shared/data/mnist', import.meta.url));

describe.skipIf(!existsSync(mnist))('MNIST (skipped where ../shared/data/mnist is absent)', () => {
  test('the 10,000 MNIST test samples are split into parts with all ten digits each', async () => {
    const splits = await kit.data({ type: 'idx', folder: mnist })();
    expect([splits.train.size, splits.validation.size, splits.test.size]).toEqual([7200, 800, 2000]);
    const counts = new Array<number>(10).fill(0);
    for (const part of [splits.train, splits.validation, splits.test]) {
      expect(part).toMatchObject({ inputShape: [28, 28, 1], classes: 10 });
      const seen = await expectNoLeakedTensors(async () => {
        const { inputs, labels } = await part.batch(Int32Array.from({ length: part.size }, (_, i) => i));
        const values = { inputs: inputs.dataSync() as Float32Array, labels: labels.dataSync() };
        inputs.dispose();
        labels.dispose();
        return values;
      });
      expect(new Set(seen.labels).size).toBe(10);
      expect(seen.inputs.reduce((least, level) => Math.min(least, level), 1)).toBe(0);
      expect(seen.inputs.reduce((most, level) => Math.max(most, level), 0)).toBe(1);
      seen.labels.forEach((label) => (counts[label] = (counts[label] as number) + 1));
    }
    // How often each digit occurs in the published file.
    expect(counts).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  });

  test('a truncated copy of MNIST is refused with the name of its file', async () => {
    const folder = await temporaryFolder();
    const images = await nodeFiles.read(join(mnist, 't10k-images-idx3-ubyte.gz'));
    await writeFile(join(folder, 't10k-images-idx3-ubyte'), images.subarray(0, 1_000_000));
    await writeFile(join(folder, 't10k-labels-idx1-ubyte'), await nodeFiles.read(join(mnist, 't10k-labels-idx1-ubyte.gz')));
    await expect(kit.data({ type: 'idx', folder })()).rejects.toThrow(
      't10k-images-idx3-ubyte: is cut off: 10000 × 28 × 28 numbers take 7840016 bytes, got 1000000',
    );
  });
});

describe('files from folders', () => {
  test('a file is looked up in each folder, and in the working folder last', async () => {
    const root = await temporaryFolder();
    for (const [folder, name] of [
      ['a', 'one'],
      ['b', 'one'],
      ['b', 'two'],
    ] as const) {
      await mkdir(join(root, folder), { recursive: true });
      await writeFile(join(root, folder, name), folder);
    }
    const files = filesFrom([join(root, 'a'), join(root, 'b')]);
    const text = async (path: string): Promise<string> => new TextDecoder().decode(await files.read(path));
    expect([await text('one'), await text('two'), await text(join(root, 'b', 'one'))]).toEqual(['a', 'b', 'b']);
    expect(await text('package.json')).toContain('{');
    await expect(files.read('three')).rejects.toThrow(`Looked in ${join(root, 'a')}, ${join(root, 'b')} first.`);
  });
});
