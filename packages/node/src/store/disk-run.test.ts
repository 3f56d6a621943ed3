import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createRandom } from '@temper/core';
import { describe, expect, test } from 'vitest';
import { ended } from '../../../../fixtures/child.js';
import { compileProgram, startProgram } from '../../../../fixtures/fresh-process.js';
import { isLong } from '../../../../fixtures/long.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';

const [samples, width] = [700, 12] as const;
const { normal } = createRandom(1).stream('samples');
const labels = Int32Array.from({ length: samples }, (_, i) => i % 3);
const values = Float32Array.from({ length: samples * width }, (_, i) => (i % 3 === labels[Math.floor(i / width)] ? 1 : 0) + normal());
/** Every seventh sample has no label. */
const ignored = (label: number, i: number): number => (i % 7 === 0 ? -100 : label);

/** An IDX file of numbers as 32-bit floats (0x0d) or integers (0x0c). */
function idxFile(code: number, shape: readonly number[], numbers: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 + 4 * shape.length + 4 * numbers.length));
  view.setUint32(0, (code << 8) | shape.length);
  shape.forEach((length, i) => view.setUint32(4 + 4 * i, length));
  const start = 4 + 4 * shape.length;
  for (let i = 0; i < numbers.length; i++) {
    if (code === 0x0d) view.setFloat32(start + 4 * i, numbers[i] as number);
    else view.setInt32(start + 4 * i, numbers[i] as number);
  }
  return new Uint8Array(view.buffer);
}

const table = (): string =>
  ['label', ...Array.from({ length: width }, (_, i) => `x${i}`)].join() +
  Array.from(labels, (label, i) => `\nclass${label},${values.subarray(i * width, (i + 1) * width).join()}`).join('');

/** Writes the samples as files, and says how a config names them. */
const kinds: Readonly<Record<string, (folder: string) => Promise<object>>> = {
  async 'a table'(folder) {
    await writeFile(join(folder, 'all.csv'), table());
    return { type: 'csv', path: join(folder, 'all.csv'), label: 'label' };
  },
  async 'IDX files'(folder) {
    await writeFile(join(folder, 'x'), idxFile(0x0d, [samples, width], values));
    await writeFile(join(folder, 'y'), idxFile(0x0c, [samples], labels));
    return { type: 'idx', images: join(folder, 'x'), labels: join(folder, 'y'), classes: 3 };
  },
  async 'compressed IDX files in which some samples have no label'(folder) {
    await writeFile(join(folder, 'x.gz'), gzipSync(idxFile(0x0d, [samples, width], values)));
    await writeFile(join(folder, 'y.gz'), gzipSync(idxFile(0x0c, [samples], labels.map(ignored))));
    return { type: 'idx', images: join(folder, 'x.gz'), labels: join(folder, 'y.gz'), classes: 3 };
  },
};

/** What must depend on nothing but the samples and the config. */
async function resultsIn(run: string): Promise<Record<string, unknown>> {
  const [student, teacher] = await Promise.all(['student', 'teacher'].map((network) => readFile(join(run, network, 'weights.bin'), 'hex')));
  const {
    steps,
    chosen,
    test: tested,
    teacherTest,
  } = JSON.parse(await readFile(join(run, 'summary.json'), 'utf8')) as Record<string, unknown>;
  const lines = (await readFile(join(run, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
  const records = lines.map((line) => ({ ...(JSON.parse(line) as object), stepsPerSecond: 0 }));
  return { student, teacher, steps, chosen, tested, teacherTest, records };
}

describe('runs over samples on disk', () => {
  test.each(Object.entries(kinds))(
    'a run over %s on disk equals one in memory, also when killed and resumed',
    { timeout: 120_000 },
    async (kind, write) => {
      const [folder, runs, program] = [
        await temporaryFolder(),
        await temporaryFolder(),
        await compileProgram(new URL('../testing/disk-run.ts', import.meta.url)),
      ];
      const files = await write(folder);
      const run = async (name: string, memory: number | null, killedAfter: number | null = null): Promise<string> => {
        const { code, signal, stderr } = await ended(startProgram(program, [JSON.stringify([runs, name, files, memory, killedAfter])]));
        if (killedAfter === null) expect(`${code} ${stderr}`).toMatch(/^0 /);
        else expect(signal).toBe('SIGKILL');
        return join(runs, name);
      };
      const inMemory = await resultsIn(await run('memory', null));
      expect(await resultsIn(await run('disk', 1000))).toEqual(inMemory);
      for (const killedAfter of isLong ? [3, 8] : [5]) await run('killed', 1000, killedAfter);
      expect(await resultsIn(await run('killed', 1000))).toEqual(inMemory);
      // In the short form one kind of files is resumed between disk and memory: from then on all are read in the same way.
      if (!isLong && kind !== 'IDX files') return;
      await run('changed', 1000, 3);
      await run('changed', null, 8);
      expect(await resultsIn(await run('changed', 2000))).toEqual(inMemory);
    },
  );
});
