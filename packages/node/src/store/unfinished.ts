import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isAlive, thisProcess, type Owner } from './owner.js';

const form = /^\.unfinished-(\d+)-(\d*)-[\da-f-]{36}-([\da-f]+)\.tmp$/;

/** Milliseconds after which a folder in the making of another place (container, machine) belongs to nobody: making one takes a moment. */
const abandonedAfter = 3600_000;

/** A name for a folder in the making, which says whose it is before there is anything in it. */
export async function unfinishedName(): Promise<string> {
  const { pid, started = '', place } = await thisProcess();
  return `.unfinished-${pid}-${started}-${randomUUID()}-${place}.tmp`;
}

/** Removes folders that a process began and was killed before it could give them their name; those of others stay. */
export async function removeUnfinished(root: string): Promise<void> {
  for (const name of await readdir(root).catch((): string[] => [])) {
    const owner = ownerIn(name);
    if (owner === undefined || ((await isAlive(owner)) ?? !(await isOld(join(root, name))))) continue;
    // What cannot be removed does no harm.
    await rm(join(root, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** What was to be written whole under another name, or to be replaced; marks of processes take care of themselves. */
const halfWritten = /^(?!lock\b).*[\da-f-]{36}\.(tmp|old)$/;

/** Removes what a killed process left half-written in a run's folder; only for who works on the run. */
export async function removeHalfWritten(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true }).catch((): string[] => []);
  for (const entry of entries.filter((path) => halfWritten.test(basename(path)))) {
    await rm(join(folder, entry), { recursive: true, force: true }).catch(() => undefined);
  }
}

function ownerIn(name: string): Owner | undefined {
  const [, pid, started, place] = form.exec(name) ?? [];
  if (place === undefined) return undefined;
  return { pid: Number(pid), host: '', place, ...(started === '' ? {} : { started: started as string }) };
}

const isOld = (path: string): Promise<boolean> =>
  stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs > abandonedAfter,
    () => false,
  );
