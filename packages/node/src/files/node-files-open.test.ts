import '@tensorflow/tfjs-node';
import { execFileSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { test } from '@fast-check/vitest';
import { describe, expect, vi } from 'vitest';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { nodeFiles } from './node-files.js';
import { scratchFile } from './scratch-file.js';
import { kit } from '../testing/node-files.js';

const contentOf = async (path: string): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  for await (const chunk of (await nodeFiles.open(path)).chunks()) parts.push(chunk);
  return new Uint8Array(Buffer.concat(parts));
};

describe('open', () => {
  test('open gives a file in pieces, decompressed, with its size where it is known', async () => {
    const folder = await temporaryFolder();
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * i) >> 7);
    await writeFile(join(folder, 'plain'), bytes);
    await writeFile(join(folder, 'packed'), Buffer.concat([gzipSync(bytes.subarray(0, 1_000_000)), gzipSync(bytes.subarray(1_000_000))]));
    expect(Buffer.compare(await contentOf(join(folder, 'plain')), bytes)).toBe(0);
    expect(Buffer.compare(await contentOf(join(folder, 'packed')), bytes)).toBe(0);
    expect((await nodeFiles.open(join(folder, 'plain'))).size).toBe(3_000_000);
    expect(await nodeFiles.open(join(folder, 'packed'))).not.toHaveProperty('size');
  });

  test('open reads pieces at their positions', async () => {
    const path = join(await temporaryFolder(), 'a');
    await writeFile(
      path,
      Uint8Array.from({ length: 1000 }, (_, i) => i % 251),
    );
    const file = await nodeFiles.open(path);
    const positions = Array.from({ length: 200 }, (_, i) => (i * 37) % 990);
    expect(await file.pieces(positions, 3)).toEqual(Uint8Array.from(positions.flatMap((at) => [at % 251, (at + 1) % 251, (at + 2) % 251])));
    await expect(file.pieces([999], 3)).rejects.toThrow(`${path}: became shorter while it was read`);
  });

  test('open refuses a pipe and a device, which may have no end', async () => {
    const path = join(await temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [path]);
    for (const use of [nodeFiles.read, nodeFiles.open]) {
      await expect(use(path)).rejects.toThrow(`cannot read ${path}: it is a pipe (FIFO), not a file`);
      await expect(use('/dev/zero')).rejects.toThrow('cannot read /dev/zero: it is a device, not a file');
    }
  });

  test('open refuses damaged gzip data while it reads', async () => {
    const path = join(await temporaryFolder(), 'a.gz');
    const whole = gzipSync(Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919) >> 3));
    await writeFile(path, whole.subarray(0, whole.length / 2));
    await expect(contentOf(path)).rejects.toThrow(`${path}: the gzip file is cut off after ${Math.floor(whole.length / 2)} bytes`);
  });
});

describe('scratch files', () => {
  test('a scratch file gives back what was written and leaves nothing on disk', async () => {
    const cache = await temporaryFolder();
    vi.stubEnv('TEMPER_CACHE', cache);
    const scratch = await scratchFile();
    const bytes = Uint8Array.from({ length: 2_500_000 }, (_, i) => (i * i) >> 5);
    for (let at = 0; at < bytes.length; at += 700_000) await scratch.append(bytes.subarray(at, at + 700_000));
    const file = scratch.finish();
    const parts: Uint8Array[] = [];
    for await (const chunk of file.chunks()) parts.push(chunk);
    expect(Buffer.compare(Buffer.concat(parts), bytes)).toBe(0);
    expect(await file.pieces([2_000_000, 5], 3)).toEqual(Uint8Array.of(...bytes.subarray(2_000_000, 2_000_003), ...bytes.subarray(5, 8)));
    expect(await readdir(join(cache, 'scratch'))).toEqual([]);
    vi.unstubAllEnvs();
  });

  test('a scratch file holds a compressed table that does not fit in memory', async () => {
    const path = join(await temporaryFolder(), 'a.csv.gz');
    await writeFile(
      path,
      gzipSync(`x,y,kind\n${Array.from({ length: 5000 }, (_, i) => `${i / 7},${(i * 37) % 11},${i % 3}`).join('\n')}\n`),
    );
    const config = { type: 'csv', path, label: 'kind' } as const;
    const [kept, stored] = [await kit.data(config)(), await kit.data({ ...config, memory: 10_000 })()];
    expect([kept.train.inMemory, stored.train.inMemory]).toEqual([true, false]);
    const indices = Int32Array.of(7, 3000, 0);
    const values = await Promise.all(
      [kept, stored].map(async ({ train }) => Object.values(await train.batch(indices)).map((tensor) => [...tensor.dataSync()])),
    );
    expect(values[1]).toEqual(values[0]);
  });
});

describe('gzip files that expand to a very large size', () => {
  const bomb = gzipSync(new Uint8Array(40_000_000));

  test('read refuses a gzip file beyond the allowed bytes', async () => {
    const path = join(await temporaryFolder(), 'bomb.txt.gz');
    await writeFile(path, bomb);
    await expect(nodeFiles.read(path, 1_000_000)).rejects.toThrow(
      /bomb\.txt\.gz: holds at least [\d,]+ bytes; at most 1,000,000 are read at once/,
    );
  });

  test("decompression stops at the size in an IDX header and after a table's long line", async () => {
    const folder = await temporaryFolder();
    const header = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 10, 0, 0, 0, 4);
    await writeFile(join(folder, 'i.gz'), gzipSync(Buffer.concat([header, new Uint8Array(40_000_000)])));
    await writeFile(join(folder, 'l'), Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 10, ...new Uint8Array(10)));
    await writeFile(join(folder, 'b.csv.gz'), gzipSync(Buffer.alloc(40_000_000, 'a,b,')));
    const before = process.memoryUsage().rss;
    await expect(kit.data({ type: 'idx', images: join(folder, 'i.gz'), labels: join(folder, 'l') })()).rejects.toThrow(
      'has bytes after its end: 10 × 4 numbers take 52 bytes, got at least',
    );
    await expect(kit.data({ type: 'csv', path: join(folder, 'b.csv.gz'), label: 'a' })()).rejects.toThrow(
      'is longer than 10,000,000 bytes',
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(400e6);
  });
});
