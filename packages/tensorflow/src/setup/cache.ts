import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { lock } from 'proper-lockfile';
import { codeOf } from '../system/file-error.js';
import { cacheFailure } from './failures.js';

/**
 * Runs `body` while no other process does so with this cache. The lock of a dead process is taken over after ten seconds. Folders made
 * under the lock are safe without it too (see `makeFolder`): the lock avoids doing the work twice.
 */
export async function withCacheLock<T>(cache: string, onWait: () => void, body: () => Promise<T>): Promise<T> {
  const target = join(cache, 'setup');
  const options = { realpath: false, stale: 10_000, onCompromised: () => undefined };
  try {
    await mkdir(cache, { recursive: true });
  } catch (error) {
    throw cacheFailure('make the cache folder', cache, error);
  }
  const release = await lock(target, options).catch((error: unknown) => {
    if (codeOf(error) !== 'ELOCKED') throw cacheFailure('write to the cache folder', cache, error);
    onWait();
    return lock(target, { ...options, retries: { forever: true, factor: 1, minTimeout: 300 } });
  });
  try {
    await removeLeftovers(cache);
    return await body();
  } finally {
    await release().catch(() => undefined);
  }
}

const partial = /\.partial-(\d+)$/;

/**
 * Makes a folder completely or not at all: `fill` writes into a folder next to it, which is then renamed. Where another process was
 * faster, its folder is kept.
 */
export async function makeFolder(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const folder = `${target}.partial-${process.pid}`;
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await fill(folder);
    await rename(folder, target).catch((error: unknown) => {
      if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error;
    });
  } catch (error) {
    throw cacheFailure('write to the cache folder', dirname(target), error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Moves a damaged folder away at once, so that no process finds half of it, and then deletes it. */
export async function discardFolder(target: string): Promise<void> {
  const aside = `${target}.partial-${process.pid}`;
  await rename(target, aside).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw cacheFailure('replace', target, error);
  });
  await rm(aside, { recursive: true, force: true });
}

/** Deletes the unfinished folders of set-ups that were killed: folders of dead processes, or a day old. */
async function removeLeftovers(cache: string): Promise<void> {
  for (const path of (await readdir(cache)).map((name) => join(cache, name))) {
    const pid = partial.exec(basename(path))?.[1];
    if (pid === undefined || Number(pid) === process.pid) continue;
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: 0 }))).mtimeMs;
    if (!isAlive(Number(pid)) || age > 24 * 3600 * 1000) await rm(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
