import type { ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { begun } from '../testing/begun.js';
import { bundle, ended, start } from '../../../../fixtures/child.js';
import { failureOf } from '../testing/failure.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { thisProcess } from './owner.js';
import { runStore } from './run-store.js';

const isLock = (name: string): boolean => name.startsWith('lock');
const locksIn = async (folder: string): Promise<string[]> => (await readdir(folder)).filter(isLock);
const markIn = async (folder: string): Promise<unknown> =>
  JSON.parse(await readFile(join(folder, (await locksIn(folder))[0] as string), 'utf8'));
const working = async (child: ChildProcess): Promise<boolean> => {
  const [first] = (await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), once(child, 'close')])) as [unknown];
  return String(first) === 'working\n';
};

/** A mark in the folder of the run `a`; one that is `old` was last written a minute ago. */
async function mark(root: string, content: string, { old = false, name = `lock-${randomUUID()}.json` } = {}): Promise<string> {
  const path = join(root, 'a', name);
  await writeFile(path, content);
  if (old) await utimes(path, Date.now() / 1000 - 60, Date.now() / 1000 - 60);
  return path;
}

describe('a run that a process works on', () => {
  test('a locked run is refused to others until its process is killed', async () => {
    const root = await temporaryFolder();
    const program = await bundle(new URL('../testing/hold-run.ts', import.meta.url), root);
    const first = start(program, ['open', root, 'a']);
    const end = ended(first);
    expect(await working(first)).toBe(true);
    expect(await failureOf(runStore({ root, name: 'a' }).reopen())).toMatchObject({
      code: 'run/exists',
      fault: 'user',
      message: expect.stringContaining(`(process ${first.pid} on `),
    });
    first.kill('SIGKILL');
    await end;
    const store = runStore({ root, name: 'a' });
    await store.reopen();
    expect(await locksIn(join(root, 'a'))).toHaveLength(1);
    expect(await markIn(join(root, 'a'))).toMatchObject({ pid: process.pid, holds: true });
    await store.finish({});
    expect((await readdir(join(root, 'a'))).filter(isLock)).toEqual([]);
  });

  test('a locked run is refused to its own process until it is released', async () => {
    const root = await temporaryFolder();
    const first = runStore({ root, name: 'a' });
    await first.open({});
    expect(await failureOf(runStore({ root, name: 'a' }).reopen())).toMatchObject({ code: 'run/exists' });
    await first.release();
    const second = runStore({ root, name: 'a' });
    await second.reopen();
    await second.release();
  });

  test('a run writes nothing more once its lock is removed', async () => {
    const root = await temporaryFolder();
    const store = runStore({ root, name: 'a' });
    await store.open({});
    await rm(join(root, 'a', (await locksIn(join(root, 'a')))[0] as string));
    const lost = { code: 'run/failed', message: expect.stringContaining('another process has taken over the run') };
    expect(await failureOf(store.checkpoints.write({ arrays: {}, state: null }, { step: 1, best: false }))).toMatchObject(lost);
    expect(await failureOf(store.finish({}))).toMatchObject(lost);
    expect(await readdir(join(root, 'a'))).not.toContain('summary.json');
    await store.release();
  });
});

describe('a lock of another machine', () => {
  test('a lock of another machine holds while it is renewed', async () => {
    const root = await temporaryFolder();
    await begun(root, 0);
    const content = JSON.stringify({ pid: 1, host: 'elsewhere', place: 'another', holds: true });
    const path = await mark(root, content);
    const beating = setInterval(() => void writeFile(path, content), 300);
    onTestFinished(() => clearInterval(beating));
    expect(await failureOf(runStore({ root, name: 'a' }).reopen())).toMatchObject({
      code: 'run/exists',
      hint: expect.stringContaining(`remove ${path}`),
    });
  });

  test('a lock of another machine expires', async () => {
    const root = await temporaryFolder();
    await begun(root, 0);
    await mark(root, JSON.stringify({ pid: process.pid, host: 'elsewhere', place: 'another', holds: true }), { old: true });
    await runStore({ root, name: 'a' }).reopen();
    expect(await locksIn(join(root, 'a'))).toHaveLength(1);
    expect(await markIn(join(root, 'a'))).toMatchObject({ pid: process.pid, holds: true });
  });

  test.runIf(process.platform === 'linux')(
    'a lock of a container with the same host name holds for any process id',
    async ({ skip }) => {
      try {
        execFileSync('unshare', ['--user', '--map-root-user', '--pid', '--fork', '--mount-proc', 'true'], { stdio: 'ignore' });
      } catch {
        skip('PID namespaces cannot be made here');
      }
      const root = await temporaryFolder();
      const program = await bundle(new URL('../testing/hold-run.ts', import.meta.url), root);
      const { spawn } = await import('node:child_process');
      const inside = spawn(
        'unshare',
        ['--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc', process.execPath, program, 'open', root, 'a'],
        { stdio: 'pipe' },
      );
      const end = ended(inside);
      expect(await working(inside)).toBe(true);
      expect(await failureOf(runStore({ root, name: 'a' }).reopen())).toMatchObject({ code: 'run/exists' });
      inside.kill('SIGKILL');
      await end;
      const store = runStore({ root, name: 'a' });
      await store.reopen();
      await store.release();
    },
    40_000,
  );
});

describe('a lock that cannot be read', () => {
  test.each(['', 'abc}', '{"pid":"x"}'])('a lock with the content %j expires', async (content) => {
    const root = await temporaryFolder();
    await begun(root, 0);
    await mark(root, content, { old: true, name: 'lock.json' });
    const store = runStore({ root, name: 'a' });
    await store.reopen();
    expect(await locksIn(join(root, 'a'))).toHaveLength(1);
    await store.release();
  });

  test.runIf(process.platform !== 'win32')('a lock that is a folder or a pipe expires', async () => {
    const root = await temporaryFolder();
    await begun(root, 0);
    const [folder, pipe] = [join(root, 'a', 'lock.json'), join(root, 'a', `lock-${randomUUID()}.json`)];
    await mkdir(folder);
    execFileSync('mkfifo', [pipe]);
    for (const path of [folder, pipe]) await utimes(path, 1, 1);
    const store = runStore({ root, name: 'a' });
    await store.reopen();
    expect(await locksIn(join(root, 'a'))).toHaveLength(1);
    await store.release();
  });
});

test.runIf(process.platform !== 'win32').each([
  ['a folder', (folder: string) => chmod(folder, 0o555)],
  [
    'a folder whose files may not be written either',
    async (folder: string) => {
      for (const name of await readdir(folder)) await chmod(join(folder, name), 0o444);
      await chmod(folder, 0o555);
    },
  ],
])('the lock of a dead process in %s without write access is not alive', async (_, protect) => {
  const root = await temporaryFolder();
  await begun(root, 1);
  await mark(root, JSON.stringify({ pid: process.pid, host: 'elsewhere', place: 'another', holds: true }), { old: true });
  const program = await bundle(new URL('../testing/hold-run.ts', import.meta.url), root);
  await chmod(root, 0o755);
  await protect(join(root, 'a'));
  // Root may write everywhere, so there the program runs as nobody.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const { code, stderr } = await ended(start(program, ['reopen', root, 'a'], nobody));
  await chmod(join(root, 'a'), 0o755);
  expect(code).toBe(1);
  const reason = `cannot lock the run in ${join(root, 'a')}: permission denied (EACCES)`;
  expect(JSON.parse(stderr)).toMatchObject({ code: 'environment/files', fault: 'user', message: expect.stringContaining(reason) });
});

test('a process that reused the id of a dead one does not hold its lock', async () => {
  const root = await temporaryFolder();
  await begun(root, 0);
  await mark(root, JSON.stringify({ ...(await thisProcess()), started: '0', holds: true }));
  const store = runStore({ root, name: 'a' });
  await store.reopen();
  await store.release();
});
