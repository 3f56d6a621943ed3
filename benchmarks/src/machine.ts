import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { createRequire } from 'node:module';
import type { Instructions } from './instructions.js';

/** Where results were taken. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly tfjs: string;
  readonly tensorflow: string;
  readonly torch: string | undefined;
  /** Absent in runs before they were recorded. */
  readonly instructions?: Instructions;
  /** What each side says of the instructions that it uses. */
  readonly ours?: string;
  readonly peer?: string | undefined;
  /** Mean number of busy cores in the minute before. */
  readonly load: number;
}

/** Describes this machine. */
export function describeMachine(
  tensorflow: string,
  instructions: Instructions,
  ours: string,
  torch?: { readonly version: string; readonly capability: string },
): Machine {
  const [first] = cpus();
  const { version } = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/package.json'), 'utf8')) as {
    version: string;
  };
  return {
    processor: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    tfjs: version,
    tensorflow,
    torch: torch?.version,
    instructions,
    ours,
    peer: torch?.capability,
    load: loadavg()[0] ?? NaN,
  };
}

/** Busy cores from which on figures are not to be relied on: PyTorch's threads wait for one another and suffer most. */
export const isBusy = ({ load, cores }: Machine): boolean => load > 0.25 * cores;
