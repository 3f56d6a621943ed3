import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { codeOf } from './file-error.js';

/** The process to which something belongs. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process started, where the system tells: the same number may be another process later. */
  readonly started?: string;
}

export async function thisProcess(): Promise<Owner> {
  const started = await startOf(process.pid);
  return { pid: process.pid, host: hostname(), ...(started === undefined ? {} : { started }) };
}

export const isThisProcess = ({ pid, host }: Owner): boolean => pid === process.pid && host === hostname();

/** Whether a process still runs; true for one of another machine, of which nobody can tell. */
export async function isAlive({ pid, host, started }: Owner): Promise<boolean> {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  return (await startOf(pid)) === started;
}

/** Linux: the process's start in ticks since the machine's. The name before it may hold blanks and brackets. */
async function startOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}
