import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bestOf, listCheckpoints } from './checkpoint-folder.js';
import type { WholeCheckpoints } from './whole-checkpoints.js';

const halfWritten = /^\.checkpoint-.*\.tmp$/;
/** Milliseconds after which an incomplete checkpoint that no process has changed belongs to a run that was killed. */
const abandonedAfter = 10 * 60_000;

/**
 * Removes checkpoints older than the newest `keep` complete ones, except for the best, and incomplete ones of killed runs. A damaged
 * checkpoint does not count as one of the newest; it is removed when it is older than those that are kept.
 */
export async function removeOld(folder: string, keep: number, whole: WholeCheckpoints): Promise<void> {
  const best = await bestOf(folder);
  const old = await olderThanKept(folder, keep, whole);
  const half = (await readdir(folder)).filter((name) => halfWritten.test(name));
  const abandoned: string[] = [];
  for (const name of half) if ((await ageOf(join(folder, name))) > abandonedAfter) abandoned.push(name);
  for (const name of [...old.filter((name) => name !== best), ...abandoned]) {
    await rm(join(folder, name), { recursive: true, force: true });
    whole.forget(name);
  }
}

/** Reads no more than necessary: nothing where there is nothing to remove. */
async function olderThanKept(folder: string, keep: number, whole: WholeCheckpoints): Promise<string[]> {
  const names = await listCheckpoints(folder);
  if (names.length <= keep) return [];
  let kept = 0;
  for (const [i, name] of names.entries()) {
    if (await whole.has(name)) kept += 1;
    if (kept === keep) return names.slice(i + 1);
  }
  return [];
}

/** Returns the milliseconds since a folder was changed; 0 where it is missing. */
async function ageOf(path: string): Promise<number> {
  const touched = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(),
  );
  return Date.now() - touched;
}
