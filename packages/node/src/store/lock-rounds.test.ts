import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundle } from '../../../../fixtures/child.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { thisProcess } from './owner.js';

/** Set TEMPER_LOCK_ROUNDS to 1000 to prove it at length; that takes some minutes. */
const rounds = Number(process.env['TEMPER_LOCK_ROUNDS'] ?? 15);
const processes = 12;

test('exactly one of 12 processes takes over the lock of a dead process', async () => {
  const root = await temporaryFolder();
  const program = await bundle(new URL('../testing/contend.ts', import.meta.url), root);
  const children = Array.from({ length: processes }, () => fork(program, { stdio: 'inherit' }));
  const tell = async (child: ChildProcess, message: object): Promise<string> => {
    const answered = once(child, 'message') as Promise<[string]>;
    child.send(message);
    return (await answered)[0];
  };
  try {
    for (let round = 0; round < rounds; round++) {
      const folder = join(root, `run-${round}`);
      await mkdir(folder);
      await writeFile(
        join(folder, `lock-${crypto.randomUUID()}.json`),
        JSON.stringify({ ...(await thisProcess()), pid: 2 ** 22 + 1, holds: true }),
      );
      const results = await Promise.all(children.map((child) => tell(child, { folder })));
      expect([...results].sort(), `round ${round}`).toEqual(['holds', ...new Array<string>(processes - 1).fill('refused')]);
      const holder = children[results.indexOf('holds')] as ChildProcess;
      // While it holds nobody gets in; once it has let go, somebody does.
      const others = children.filter((child) => child !== holder).slice(0, 2);
      expect(await Promise.all(others.map((child) => tell(child, { folder })))).toEqual(['refused', 'refused']);
      expect(await tell(holder, {})).toBe('released');
      expect(await tell(others[0] as ChildProcess, { folder })).toBe('holds');
      expect(await tell(others[0] as ChildProcess, {})).toBe('released');
      expect(await readdir(folder)).toEqual([]);
      await rm(folder, { recursive: true });
    }
  } finally {
    children.forEach((child) => child.kill('SIGKILL'));
  }
}, 600_000);
