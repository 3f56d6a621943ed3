import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { codeOf } from '@temper/tensorflow/system';

/** The process that owns a file. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** The place in which the process number is valid: one boot of a machine and, on Linux, one PID namespace (container). */
  readonly place: string;
  /** The start of the process, where the system reports it: the same number may belong to another process later. */
  readonly started?: string;
}

export async function thisProcess(): Promise<Owner> {
  const { started } = (await processStat(process.pid)) ?? {};
  return { pid: process.pid, host: hostname(), place: await thisPlace(), ...(started === undefined ? {} : { started }) };
}

/** Returns whether a process still runs; undefined for a process of another place, which cannot be looked up. */
export async function isAlive({ pid, place, started }: Owner): Promise<boolean | undefined> {
  if (place !== (await thisPlace())) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  const stat = await processStat(pid);
  // A process that has ended stays in the table (Z, X) until its parent reads its status.
  return stat === undefined ? started === undefined : stat.started === started && !/[ZX]/.test(stat.state);
}

/** Returns a short name of the place; containers of one machine may have the same host name, and never the same namespace. */
async function thisPlace(): Promise<string> {
  const [boot, namespace] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ]);
  return createHash('sha256').update(`${hostname()}\n${boot.trim()}\n${namespace}`).digest('hex').slice(0, 16);
}

/**
 * Returns, on Linux, a process's state and its start in ticks since the start of the machine. The name before them may contain blanks and
 * brackets.
 */
async function processStat(pid: number): Promise<{ readonly state: string; readonly started: string } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', started: fields[19] ?? '' };
}
