import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { begun } from '../testing/begun.js';
import { bundle, ended, start } from '../testing/child.js';
import { failureOf } from '../testing/failure.js';
import { readJson, temporaryFolder } from '../testing/temporary.js';
import { runStore } from './run-store.js';

describe('two processes', () => {
  const working = async (child: ChildProcess): Promise<boolean> => {
    const [first] = (await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), once(child, 'close')])) as [unknown];
    return String(first) === 'working\n';
  };

  test('a run that another process works on is refused until that one is killed', async () => {
    const root = await temporaryFolder();
    const program = await bundle('./hold-run.ts', root);
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
    expect(await readJson(join(root, 'a', 'lock.json'))).toMatchObject({ pid: process.pid });
    await store.finish({});
    expect((await readdir(join(root, 'a'))).sort()).toEqual(['config.json', 'metrics.jsonl', 'summary.json']);
  });

  test('of many that go on with a dead run at once, one does', async () => {
    const root = await temporaryFolder();
    const program = await bundle('./hold-run.ts', root);
    for (let round = 0; round < 3; round++) {
      await rm(join(root, 'a'), { recursive: true, force: true });
      await begun(root, 1);
      // A process that is certainly dead, and one whose number is taken by another since.
      await writeFile(
        join(root, 'a', 'lock.json'),
        JSON.stringify({ ...((await readJson(join(root, 'a', 'lock.json'))) as object), pid: round === 0 ? 2 ** 22 + 1 : 1, started: '0' }),
      );
      const children = Array.from({ length: 4 }, () => start(program, ['reopen', root, 'a']));
      const ends = children.map(ended);
      const results = await Promise.all(children.map(working));
      expect(results.filter((one) => one)).toHaveLength(1);
      children.forEach((child) => child.kill('SIGKILL'));
      for (const { stderr } of (await Promise.all(ends)).filter(({ code }) => code === 1))
        expect(JSON.parse(stderr)).toMatchObject({ code: 'run/exists', fault: 'user' });
    }
  });

  test('a mark from another machine counts, since nobody can tell', async () => {
    const root = await temporaryFolder();
    await begun(root, 0);
    await writeFile(join(root, 'a', 'lock.json'), JSON.stringify({ pid: 1, host: 'elsewhere' }));
    expect(await failureOf(runStore({ root, name: 'a' }).reopen())).toMatchObject({
      code: 'run/exists',
      hint: expect.stringContaining(`remove ${join(root, 'a', 'lock.json')}`),
    });
  });

  test.each(['', 'abc}', '{"pid":"x"}'])('a mark that says no owner, of a process killed while it made it, does not count: %j', async (mark) => {
    const root = await temporaryFolder();
    await begun(root, 0);
    await writeFile(join(root, 'a', 'lock.json'), mark);
    await runStore({ root, name: 'a' }).reopen();
    expect(await readJson(join(root, 'a', 'lock.json'))).toMatchObject({ pid: process.pid });
  });
});
