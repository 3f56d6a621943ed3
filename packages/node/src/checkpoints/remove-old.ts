import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bestOf, listCheckpoints } from './checkpoint-folder.js';
import type { WholeCheckpoints } from './whole-checkpoints.js';

const halfWritten = /^\.checkpoint-.*\.tmp$/;
/** Half-written checkpoints that nobody has touched for so long belong to a run that was killed. */
const abandonedAfter = 10 * 60_000;

/**
 * Removes what is older than the newest `keep` whole checkpoints, but for the best, and what killed runs left half-written.
 * A damaged one does not count, so it takes no whole one's place; it goes when it is older than those that stay.
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

/** Reads no more than it has to: nothing where there is nothing to remove. */
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

/** Milliseconds since a folder was touched; 0 where it is gone. */
async function ageOf(path: string): Promise<number> {
  const touched = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(),
  );
  return Date.now() - touched;
}
