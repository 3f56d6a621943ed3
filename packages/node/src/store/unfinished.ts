import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isAlive, thisProcess, type Owner } from './owner.js';

const form = /^\.unfinished-(\d+)-(\d*)-[\da-f-]{36}-(.+)\.tmp$/;

/** A name for a folder in the making, which says whose it is before there is anything in it. */
export async function unfinishedName(): Promise<string> {
  const { pid, started = '', host } = await thisProcess();
  return `.unfinished-${pid}-${started}-${randomUUID()}-${host}.tmp`;
}

/** Removes folders that a process began and was killed before it could give them their name; those of others stay. */
export async function removeUnfinished(root: string): Promise<void> {
  for (const name of await readdir(root).catch((): string[] => [])) {
    const owner = ownerIn(name);
    // What cannot be removed does no harm.
    if (owner !== undefined && !(await isAlive(owner))) await rm(join(root, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** What was to be written whole under another name, or to be replaced; marks of processes take care of themselves. */
const halfWritten = /^(?!lock\.json).*[\da-f-]{36}\.(tmp|old)$/;

/** Removes what a killed process left half-written in a run's folder; only for who works on the run. */
export async function removeHalfWritten(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true }).catch((): string[] => []);
  for (const entry of entries.filter((path) => halfWritten.test(basename(path)))) {
    await rm(join(folder, entry), { recursive: true, force: true }).catch(() => undefined);
  }
}

function ownerIn(name: string): Owner | undefined {
  const [, pid, started, host] = form.exec(name) ?? [];
  if (host === undefined) return undefined;
  return { pid: Number(pid), host, ...(started === '' ? {} : { started: started as string }) };
}
