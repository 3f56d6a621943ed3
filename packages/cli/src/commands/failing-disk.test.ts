import { spawn } from 'node:child_process';
import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { quick } from '../testing/quick.js';
import { folderWith, keptFolder, start, temper, type Ended } from '../testing/temper.js';
import { small } from '../testing/small-run.js';

const faults = fileURLToPath(new URL('../testing/file-faults.cjs', import.meta.url));
const bin = fileURLToPath(new URL('../../bin/temper.mjs', import.meta.url));
const short = { ...small, epochs: 6, deterministic: true };
const weights = (folder: string, name: string): Promise<Buffer> => readFile(join(folder, 'runs', name, 'student', 'weights.bin'));

/** The student of a run that nothing disturbs. */
let undisturbed: Buffer;
beforeAll(async () => {
  const folder = await keptFolder({ 'c.json': short });
  expect((await quick(['run', 'c.json', '--name', 'whole'], folder)).status).toBe(0);
  undisturbed = await weights(folder, 'whole');
}, 60_000);

/** The run stopped with its reason, and no more than that. */
function expectReason({ status, stdout, stderr }: Ended, ...reasons: string[]): void {
  expect(status, stderr).toBe(1);
  expect(stdout).toBe('');
  expect(stderr.match(/^temper: /gm)).toHaveLength(1);
  for (const reason of reasons) expect(stderr).toContain(reason);
  expect(stderr).not.toMatch(/^\s+at |unexpected error/m);
}

describe('faults in the middle of a run', () => {
  // From some operation on everything fails; counted so that it is while training, or at the end.
  test.each([
    [
      'the disk is full',
      { under: '/runs/broken', from: 'checkpoint-000001', at: 60, fault: 'ENOSPC' },
      'metrics.jsonl: the disk is full (ENOSPC)',
    ],
    [
      'the right to write is lost',
      { under: '/runs/broken', from: 'checkpoint-000001', at: 150, fault: 'EACCES' },
      'metrics.jsonl: permission denied (EACCES)',
    ],
    [
      'the disk is full when a network that is done is put aside',
      { under: '/done/teacher', at: 4, fault: 'ENOSPC' },
      'done/teacher: the disk is full (ENOSPC)',
    ],
    ['the disk is full when the student is saved', { under: '/broken/student', at: 3, fault: 'ENOSPC' }, 'cannot save the network student'],
    [
      'the disk is full when the summary is written',
      { under: 'summary.json', at: 2, fault: 'ENOSPC' },
      'summary.json: the disk is full (ENOSPC)',
    ],
  ])('a run stops with the reason and resumes to the same end when %s', async (_, fault, reason) => {
    const folder = await folderWith({ 'c.json': short });
    const env = { NODE_OPTIONS: `--require ${faults}`, TEMPER_TEST_FAULT: JSON.stringify(fault) };
    expectReason(await temper(['run', 'c.json', '--name', 'broken'], folder, env), reason);
    const resumed = await quick(['run', '--resume', 'broken'], folder);
    expect([resumed.status, resumed.stderr.includes('damaged')], resumed.stderr).toEqual([0, false]);
    expect((await weights(folder, 'broken')).equals(undisturbed)).toBe(true);
  });

  test('a run warns about checkpoints that cannot be written and continues', async () => {
    const folder = await folderWith({
      'c.json': { ...short, teacher: undefined, losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 }, temperature: 1 },
    });
    const env = {
      NODE_OPTIONS: `--require ${faults}`,
      TEMPER_TEST_FAULT: JSON.stringify({ under: '/checkpoints', at: 1, fault: 'ENOSPC' }),
    };
    const { status, stdout, stderr } = await temper(['run', 'c.json', '--name', 'bare'], folder, env);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('bare is done');
    expect(stderr).toMatch(/warning: the checkpoint at update \d+ could not be written; training continues.*the disk is full \(ENOSPC\)/);
  });

  test.each(['removed', 'a file'])('a run stops with the reason when its folder is %s', async (how) => {
    const folder = await folderWith({ 'c.json': { ...short, epochs: 100_000 } });
    const { ended, written } = start(['run', 'c.json', '--name', 'gone'], folder);
    while (!/stage "student"[^]*update \d+\//.test(written.stderr) && !written.stderr.includes('temper:')) await wait(10);
    const place = join(folder, 'runs', 'gone');
    if (how === 'a file') await rename(place, join(folder, 'aside')).then(() => writeFile(place, ''));
    // A write on its way may put a file back while the folder is emptied.
    else await rm(place, { recursive: true, force: true, maxRetries: 20, retryDelay: 5 });
    expectReason(await ended, 'runs/gone', how === 'a file' ? '(ENOTDIR)' : '(ENOENT)');
    if (how === 'removed') return expect(await readdir(join(folder, 'runs'))).toEqual([]);
    await rm(place);
    await rename(join(folder, 'aside'), place);
    const resumed = await quick(['run', '--resume', 'gone', '--set', 'stages[0].epochs=1', '--allow', 'stages[0].epochs'], folder);
    expect(resumed.status, resumed.stderr).toBe(0);
    return expect(resumed.stderr).toMatch(/continues after (update )?\d+/);
  });

  test.skipIf(process.platform === 'win32')('a run stops with the reason when its files exceed a size limit', async () => {
    const folder = await folderWith({ 'c.json': short });
    const child = spawn('bash', ['-c', 'ulimit -f 6 && exec "$0" "$@"', process.execPath, bin, 'run', 'c.json', '--name', 'limited'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => (stdout += text));
    child.stderr.on('data', (text) => (stderr += text));
    const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
    expectReason({ status, stdout, stderr }, 'it is larger than the file system or a limit allows (EFBIG)');
  });
});

test('one of several concurrent runs gets the name, and the others are refused', async () => {
  const folder = await folderWith({ 'c.json': { ...small, epochs: 1 } });
  const all = await Promise.all(Array.from({ length: 3 }, () => temper(['run', 'c.json', '--name', 'same'], folder)));
  expect(all.map(({ status }) => status).sort()).toEqual([0, 2, 2]);
  for (const { stderr } of all.filter(({ status }) => status === 2))
    expect(stderr).toContain('name: the run folder runs/same already exists');
  expect(await readdir(join(folder, 'runs'))).toEqual(['same']);
});
