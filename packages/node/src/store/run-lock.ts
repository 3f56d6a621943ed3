import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { TemperError } from '@temper/core';
import { codeOf } from './file-error.js';
import { isAlive, isThisProcess, thisProcess, type Owner } from './owner.js';

/**
 * Marks a run's folder as being worked on, so that a second process leaves it alone. The mark of a process that was
 * killed does not count. A process may take its own runs over.
 * @returns what takes the mark away.
 * @throws TemperError `run/exists` where another process works on it.
 */
export async function lockRun(folder: string, shown: string): Promise<() => Promise<void>> {
  const path = join(folder, 'lock.json');
  const mine = JSON.stringify(await thisProcess());
  for (let tries = 0; !(await create(path, mine)); tries++) {
    const held = await contentOf(path);
    const owner = held === undefined ? undefined : ownerIn(held);
    if (held === undefined || owner === undefined) continue;
    if (tries > 0 || (!isThisProcess(owner) && (await isAlive(owner)))) throw busy(shown, path, owner);
    await takeAway(path, held);
  }
  return () => rm(path, { force: true });
}

async function create(path: string, mine: string): Promise<boolean> {
  try {
    await writeFile(path, mine, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** What a mark says; undefined where it is gone or, however long one waits for its writer, says no owner. */
async function contentOf(path: string): Promise<string | undefined> {
  for (let tries = 0; tries < 10; tries++) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined || ownerIn(text) !== undefined) return text;
    await wait(20);
  }
  await rm(path, { force: true });
  return undefined;
}

function ownerIn(mark: string): Owner | undefined {
  try {
    const { pid, host, started } = JSON.parse(mark) as Partial<Owner>;
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host, ...(started === undefined ? {} : { started }) } : undefined;
  } catch {
    return undefined;
  }
}

/** Takes a dead process's mark away. Of two that try at once, one may catch the other's new mark: it puts it back. */
async function takeAway(path: string, dead: string): Promise<void> {
  const aside = `${path}.${randomUUID()}.old`;
  await rename(path, aside).catch(() => undefined);
  const caught = await readFile(aside, 'utf8').catch(() => dead);
  if (caught === dead) await rm(aside, { force: true });
  else await rename(aside, path);
}

const busy = (shown: string, path: string, { pid, host }: Owner): TemperError =>
  new TemperError({
    code: 'run/exists',
    message: `another process works on the run in ${shown} (process ${pid} on ${host})`,
    hint: `Wait for it to end, or stop it. If there is no such process, remove ${path}.`,
    fault: 'user',
  });
