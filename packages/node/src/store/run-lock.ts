import { randomUUID } from 'node:crypto';
import { lstat, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { TemperError } from '@temper/core';
import { z } from 'zod';
import { exists } from '../files/exists.js';
import { readRegular } from '../files/read-regular.js';
import { fileError } from '@temper/tensorflow/system';
import { rewrite, startHeartbeat } from './heartbeat.js';
import { isAlive, thisProcess, type Owner } from './owner.js';

/** The right to work on a run's folder. */
export interface RunLock {
  /** Throws `run/failed` where the lock was taken over, for instance since this process was suspended for a long time. */
  check(): Promise<void>;
  release(): Promise<void>;
}

/** A lock of another place (container, machine) whose file was not written for this time belongs to a dead process. */
const staleAfter = 10_000;
/** The longest time in which several processes that start at once agree which one is first. */
const patience = 30_000;

const named = /^lock(?:-[\da-f-]{36})?\.json$/;
const unplaced = /^lock-[\da-f-]{36}\.json\.tmp$/;
const format = z.object({ pid: z.int(), host: z.string(), place: z.string(), started: z.string().exactOptional(), holds: z.boolean() });

type Mark = z.infer<typeof format>;

/**
 * Takes the right to work on a run's folder. Each process writes a file under a name of its own and then lists all of them: of two
 * that do so at once, at least one sees the other. Who sees a living one withdraws its own; so at most one holds, and removing a
 * dead process's file can never remove another's. Within a place the process table says who is alive, at once; between
 * places (containers, machines) the time of the file does, within ten seconds.
 * @throws TemperError `run/exists` where a living process holds the run, this one included.
 */
export async function lockRun(folder: string, shown: string): Promise<RunLock> {
  const name = `lock-${randomUUID()}.json`;
  const path = join(folder, name);
  const owner = await thisProcess();
  const content = (holds: boolean): string => `${JSON.stringify({ ...owner, holds }).padEnd(500)}\n`;
  const known = new Map<string, number>();
  const end = Date.now() + patience;
  for (let tries = 1; ; tries++) {
    await place(path, content(false)).catch((error: unknown) => Promise.reject(fileError('lock the run in', shown, error)));
    const rivals = await rivalsOf(folder, name, known).catch(async (error: unknown) => {
      await rm(path, { force: true });
      throw error;
    });
    const living = rivals.filter(({ state }) => state !== 'dead');
    if (living.length === 0) {
      rewrite(path, content(true));
      await removeDead(folder, rivals);
      return held(path, shown, content(true));
    }
    await rm(path, { force: true });
    const holder = living.find(({ state }) => state === 'holds') ?? (Date.now() > end ? living[0] : undefined);
    if (holder !== undefined) throw busy(shown, holder);
    await wait(living.some(({ state }) => state === 'silent') ? 250 : Math.random() * Math.min(20 * tries, 400));
  }
}

async function held(path: string, shown: string, content: string): Promise<RunLock> {
  const endHeartbeat = await startHeartbeat(path, content);
  let isHeld = true;
  return {
    async check() {
      // A missing folder is reported by the next write.
      if (!isHeld || (await exists(path)) || !(await exists(dirname(path)))) return;
      throw new TemperError({
        code: 'run/failed',
        message: `another process has taken over the run in ${shown}, or its lock was removed; nothing more is written`,
        hint: 'See which process works on the run, and resume it where none does.',
      });
    },
    async release() {
      if (!isHeld) return;
      isHeld = false;
      await endHeartbeat();
      await rm(path, { force: true });
    },
  };
}

/** Removes locks of dead processes. A lock that cannot be removed does no harm: its process stays dead. */
async function removeDead(folder: string, rivals: readonly Rival[]): Promise<void> {
  const halfMade = (await readdir(folder)).filter((name) => unplaced.test(name)).map((name) => join(folder, name));
  const old: string[] = [];
  for (const path of halfMade)
    if (Date.now() - ((await lstat(path).catch(() => undefined))?.mtimeMs ?? Infinity) > staleAfter) old.push(path);
  for (const path of [...rivals.map((one) => one.path), ...old]) await rm(path, { force: true, recursive: true }).catch(() => undefined);
}

/** Writes a file completely or not at all. */
async function place(path: string, content: string): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** The lock file of another process, which holds the run, is about to find out whether it may, shows no sign of life yet, or is dead. */
interface Rival {
  readonly path: string;
  readonly state: 'holds' | 'tries' | 'silent' | 'dead';
  readonly owner: Owner | undefined;
}

async function rivalsOf(folder: string, mine: string, known: Map<string, number>): Promise<Rival[]> {
  const names = (await readdir(folder)).filter((name) => named.test(name) && name !== mine);
  // The clock of the folder: that of another machine may differ.
  const now = (await lstat(join(folder, mine))).mtimeMs;
  const found = await Promise.all(names.map((name) => rivalOf(join(folder, name), now, known)));
  return found.filter((one) => one !== undefined);
}

async function rivalOf(path: string, now: number, known: Map<string, number>): Promise<Rival | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return undefined;
  const mark = stats.isFile() ? await markIn(path) : undefined;
  const isKnownAlive = mark === undefined ? undefined : await isAlive(mark);
  const before = known.get(path);
  known.set(path, stats.mtimeMs);
  const hasMoved = before !== undefined && before !== stats.mtimeMs;
  const state = isKnownAlive ?? (hasMoved ? true : now - stats.mtimeMs >= staleAfter ? false : undefined);
  return { path, owner: mark, state: state === undefined ? 'silent' : !state ? 'dead' : mark?.holds === false ? 'tries' : 'holds' };
}

/** Returns the content of a lock file; undefined where it cannot be read or names no owner. */
async function markIn(path: string): Promise<Mark | undefined> {
  try {
    return format.parse(JSON.parse((await readRegular(path)).toString()));
  } catch {
    return undefined;
  }
}

const busy = (shown: string, { path, owner }: Rival): TemperError =>
  new TemperError({
    code: 'run/exists',
    message: `another process works on the run in ${shown}${owner === undefined ? '' : ` (process ${owner.pid} on ${owner.host})`}`,
    hint: `Wait for it to end, or stop it. If there is no such process, remove ${path}.`,
    fault: 'user',
  });
