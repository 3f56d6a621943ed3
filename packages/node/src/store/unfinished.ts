import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isAlive, thisProcess, type Owner } from './owner.js';

const form = /^\.unfinished-(\d+)-(\d*)-[\da-f-]{36}-([\da-f]+)\.tmp$/;

/** Milliseconds after which an unfinished folder of another place (container, machine) counts as abandoned: making one takes a moment. */
const abandonedAfter = 3600_000;

/** Returns a name for an unfinished folder, which names its owner before it contains files. */
export async function unfinishedName(): Promise<string> {
  const { pid, started = '', place } = await thisProcess();
  return `.unfinished-${pid}-${started}-${randomUUID()}-${place}.tmp`;
}

/** Removes folders of processes that were killed before they could rename them; those of other processes stay. */
export async function removeUnfinished(root: string): Promise<void> {
  for (const name of await readdir(root).catch((): string[] => [])) {
    const owner = ownerIn(name);
    if (owner === undefined || ((await isAlive(owner)) ?? !(await isOld(join(root, name))))) continue;
    // A folder that cannot be removed does no harm.
    await rm(join(root, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Unfinished files under temporary names, and files to be replaced; lock files are removed elsewhere. */
const halfWritten = /^(?!lock\b).*[\da-f-]{36}\.(tmp|old)$/;

/** Removes the unfinished files of a killed process in a run's folder; only for the process that works on the run. */
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
