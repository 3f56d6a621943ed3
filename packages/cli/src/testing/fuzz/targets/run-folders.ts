import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { createKit, type RandomStream } from '@temper/core';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { loadBackend, loadStudent, node, readLatestCheckpoint, readRunConfig, runStore } from '@temper/node';
import { schedules } from '@temper/schedules';
import { changedBytes } from '../change-bytes.js';
import { changedValue } from '../change-value.js';
import { jsonText, oneOf } from '../odd-values.js';
import { scratch } from '../scratch.js';
import type { Target } from '../target.js';
import { tinyData, tinyRun } from '../tiny.js';

/** The folder of a stopped run with other file contents, missing or doubled files, folders and links; then it is read. */
export const runFolders: Target = {
  name: 'run-folders',
  what: 'run folders',
  quotes: true,
  async start() {
    await loadBackend('cpu');
    const { folder, close } = await scratch();
    const runs = join(folder, 'runs');
    await stoppedRun(runs);
    const whole = await contentsOf(join(runs, 'tiny'));
    return {
      close,
      async attempt(random) {
        restore(join(runs, 'tiny'), whole);
        const done: string[] = [];
        for (let left = 1 + random.integer(3); left > 0; left--) done.push(await change(join(runs, 'tiny'), [...whole.keys()], random));
        // A lock starts a thread; most attempts read without it.
        const isLocked = random.integer(4) === 0;
        return { given: done, run: () => readAll(runs, isLocked) };
      },
    };
  },
};

/** Creates a run with a finished teacher, a saved network, and a student in the middle of its training. */
async function stoppedRun(runs: string): Promise<void> {
  const kit = createKit({ plugins: [schedules, losses, models, node({ runs, engine: 'eager' })] });
  const { student, teacher } = await kit.run(tinyRun as never, { data: tinyData() });
  student.dispose();
  teacher?.dispose();
  await rm(join(runs, 'tiny', 'summary.json'));
}

async function readAll(runs: string, isLocked: boolean): Promise<void> {
  const errors: unknown[] = [];
  const tried = async (read: () => Promise<unknown>): Promise<void> => void (await read().catch((error: unknown) => errors.push(error)));
  const store = runStore({ root: runs, name: 'tiny' });
  await tried(async () => readLatestCheckpoint(join(runs, 'tiny', 'checkpoints')));
  const goOn = async (): Promise<void> => {
    const { config = null } = await store.reopen();
    try {
      await store.checkpoints.latest(() => undefined);
      await store.checkpoints.get('teacher', () => undefined);
      await store.rewind(config, 3);
      await store.append({ type: 'warning', message: 'odd' });
    } finally {
      await store.release?.();
    }
  };
  if (isLocked) await tried(goOn);
  await tried(() => readRunConfig(runs, 'tiny'));
  await tried(async () => (await loadStudent('tiny', { runs })).dispose());
  if (errors.length > 0) throw errors.find((error) => !(error instanceof Error) || error.name !== 'TemperError') ?? errors[0];
}

/** Returns the content of every file of a folder, by its path. Sorted, since file systems list names in different orders. */
async function contentsOf(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(await Promise.all(paths.map(async (path) => [relative(folder, path), await readFile(path)] as const)));
}

/** Makes a folder contain these files and nothing else. Synchronous, since waiting for other threads would take longer than the files. */
function restore(folder: string, files: ReadonlyMap<string, Buffer>): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, content] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** Changes one file of a run; returns a description of the change. */
async function change(run: string, files: readonly string[], random: RandomStream): Promise<string> {
  const name = oneOf(files, random);
  const path = join(run, name);
  if (
    !(await stat(path).then(
      (found) => found.isFile(),
      () => false,
    ))
  )
    return `${name}: left`;
  const what = random.integer(12);
  if (what < 5 && /\.jsonl?$/.test(name)) return rewritten(path, name, random);
  if (what < 8) {
    const bytes = changedBytes(await readFile(path), random);
    await writeFile(path, bytes);
    if (random.integer(2) === 0) await withRightSums(path);
    return `${name}: ${Buffer.from(bytes.subarray(0, 300)).toString('base64')}`;
  }
  const folder = join(path, '..');
  const others: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['gone', () => rm(path)],
    ['a folder', () => rm(path).then(() => mkdir(path))],
    ['a link to itself', () => rm(path).then(() => symlink(path, path))],
    ['a device', () => rm(path).then(() => symlink('/dev/zero', path))],
    ['empty', () => truncate(path, 0)],
    ['its folder gone', () => rm(folder, { recursive: true })],
    ['renamed', () => rename(path, `${path}.old`)],
    ['lock', () => lock(run, random)],
    [
      'names',
      () =>
        Promise.all(
          ['checkpoints/checkpoint-99999999999999999999', 'checkpoints/checkpoint-999999', 'checkpoints/.x'].map((one) =>
            mkdir(join(run, one), { recursive: true }),
          ),
        ),
    ],
  ];
  const [said, act] = oneOf(others, random);
  await act();
  return `${name}: ${said}`;
}

/** Writes JSON with another structure; the sums of a file with sums are updated. */
async function rewritten(path: string, name: string, random: RandomStream): Promise<string> {
  const isLines = name.endsWith('.jsonl');
  const text = await readFile(path, 'utf8');
  let value: unknown;
  try {
    value = isLines
      ? text
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as unknown)
      : (JSON.parse(text) as unknown);
  } catch {
    return `${name}: no JSON any more`;
  }
  const other = changedValue(value, random);
  const lines = isLines && Array.isArray(other) ? other.map(jsonText).join('\n') : jsonText(other);
  await writeFile(path, lines);
  await withRightSums(path);
  return `${name}: ${lines.slice(0, 2000)}`;
}

/** Updates the sums, as a program would, not a damaged disk. */
async function withRightSums(path: string): Promise<void> {
  const folder = join(path, '..');
  const sums = join(folder, 'SHA256SUMS');
  const content = async (path: string): Promise<string | Buffer> =>
    (await stat(path).catch(() => undefined))?.isFile() === true ? readFile(path) : '';
  const text = String(await content(sums));
  const names = [...text.matchAll(/^[\da-f]{64} [ *](.+)$/gm)].map(([, name]) => name as string);
  const lines = await Promise.all(
    names.map(
      async (name) =>
        `${createHash('sha256')
          .update(await content(join(folder, name)))
          .digest('hex')}  ${name}\n`,
    ),
  );
  if (lines.length > 0) await writeFile(sums, lines.join(''));
}

/** Writes the lock file of another process that has expired. */
async function lock(run: string, random: RandomStream): Promise<void> {
  const path = join(run, `lock-${crypto.randomUUID()}.json`);
  const mark = { pid: 2 ** 22 + random.integer(1000), host: 'there', place: 'another', holds: random.integer(2) === 0 };
  const text = jsonText(random.integer(2) === 0 ? mark : changedValue(mark, random));
  await writeFile(path, text);
  const longAgo = new Date(Date.now() - 3_600_000);
  await utimes(path, longAgo, longAgo);
}
