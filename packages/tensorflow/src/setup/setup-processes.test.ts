import type { ChildProcess } from 'node:child_process';
import { mkdir, readdir, readlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { ended } from '../../../../fixtures/child.js';
import { compileProgram, startProgram } from '../../../../fixtures/fresh-process.js';
import { machine } from '../testing/machine.js';
import { makeTfjsNode } from '../testing/tiny-tensorflow.js';
import { libraryKey } from './library.js';
import { probeBackend } from './probe.js';
import { setUp } from './setup-backend.js';
import type { SetupContext } from './ways.js';

const key = libraryKey('2.20.0', 'linux-x64');

/** Starts set-ups in processes of their own, all at once. */
async function startSetups(...contexts: readonly SetupContext[]) {
  const program = await compileProgram(new URL('../testing/set-up.ts', import.meta.url));
  return contexts.map((context) => startProgram(program, [JSON.stringify(context)]));
}

const slowly = (file: string): string => `/bin/sleep 2; /bin/cp "${file}" "$dest/"`;

test('two concurrent set-ups share one download, and both checkouts work', async () => {
  const { context, python, root } = await machine({ download: slowly });
  const contexts = [context, { ...context, target: await makeTfjsNode(join(root, 'second checkout')) }];
  const runs = await Promise.all((await startSetups(...contexts)).map(ended));
  const reports = runs.map(({ stdout, stderr }) => {
    expect(stdout, stderr).toContain('{');
    return JSON.parse(stdout) as { native: boolean; source: string };
  });
  expect(reports.map(({ native }) => native)).toEqual([true, true]);
  expect(reports.map(({ source }) => source).sort()).toEqual(['cache', 'wheel']);
  expect(runs.map(({ stderr }) => stderr).join()).toContain('Waiting for another set-up');
  expect(await python.calls()).toEqual(['download']);
  for (const { target } of contexts) expect(await probeBackend(target)).toMatchObject({ loads: true });
});

test('two concurrent set-ups of one checkout leave a backend that works', async () => {
  const { context, python } = await machine();
  const runs = await Promise.all((await startSetups(context, context)).map(ended));
  expect(runs.map(({ stdout }) => (JSON.parse(stdout) as { native: boolean }).native)).toEqual([true, true]);
  expect(await python.calls()).toEqual(['download']);
  expect(await probeBackend(context.target)).toMatchObject({ loads: true });
  expect(await readdir(join(context.target.binding, '..'))).toEqual(['tfjs_binding.node']);
});

test('a set-up killed in the download leaves nothing usable, and the next one works', async () => {
  const { context, file } = await machine({ download: () => 'echo half > "$dest/half.whl"; exec /bin/sleep 600' });
  const [child] = (await startSetups(context)) as [ChildProcess];
  await vi.waitFor(
    async () => expect(await readdir(join(context.cache, `${key}.partial-${child.pid}`, 'download/wheel'))).toEqual(['half.whl']),
    { timeout: 50_000, interval: 50 },
  );
  child.kill('SIGKILL');
  expect((await ended(child)).signal).toBe('SIGKILL');
  expect((await readdir(context.cache)).sort()).toEqual(['setup.lock', `${key}.partial-${child.pid}`].sort());
  const next = await machine({ download: () => `/bin/cp "${file}" "$dest/"` });
  expect(await setUp({ ...next.context, wheel: context.wheel, cache: context.cache })).toMatchObject({ native: true, source: 'wheel' });
  expect((await readdir(context.cache)).filter((name) => !name.startsWith('launcher-')).sort()).toEqual([
    key,
    `tfjs-node-4.22.0-napi-v8-${key}`,
  ]);
  expect(await readlink(next.context.target.binding)).toContain(context.cache);
});

test('set-up leaves unfinished files of others until they are a day old', async () => {
  const { context } = await machine();
  const [living, old] = [`${key}.partial-${process.ppid}`, 'other.partial-1'].map((name) => join(context.cache, name)) as [string, string];
  await Promise.all([living, old].map((folder) => mkdir(folder, { recursive: true })));
  await utimes(old, 1, 1);
  expect(await setUp(context)).toMatchObject({ native: true });
  expect((await readdir(context.cache)).filter((name) => name.includes('partial'))).toEqual([`${key}.partial-${process.ppid}`]);
});
