import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { mnistFolder } from './runs.js';

/** Ways in which the peer runs a case; "fused" lets its optimizer work in one kernel. */
export const variants = ['eager', 'channels-last', 'compile', 'eager, fused', 'channels-last, fused', 'compile, fused'] as const;
export type Variant = (typeof variants)[number];

/** PyTorch in a process of its own, which waits while it is not asked. */
export interface Peer {
  readonly version: string;
  readonly threads: number;
  /** The instructions that PyTorch says it uses. */
  readonly capability: string;
  /** Milliseconds of each repetition; undefined where the case has no such variant, or where it does not work here. */
  times(name: string, variant: Variant, seconds: number): Promise<number[] | undefined>;
  stop(): void;
}

const script = fileURLToPath(new URL('../peers/torch_peer.py', import.meta.url));

/** Starts PyTorch with as many threads as there are cores; undefined where there is none. `TEMPER_BENCH_PYTHON` names the Python that has it. */
export async function startPeer(): Promise<Peer | undefined> {
  const python = process.env['TEMPER_BENCH_PYTHON'] ?? 'python3';
  if (spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' }).status !== 0) return undefined;
  const process_ = spawn(python, [script, String(availableParallelism()), mnistFolder], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: process_.stdout })[Symbol.asyncIterator]();
  const answer = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${script} ended by itself`);
    return JSON.parse(value) as T;
  };
  const { torch, threads, capability } = await answer<{ torch: string; threads: number; capability: string }>();
  return {
    version: torch,
    threads,
    capability,
    async times(name, variant, seconds) {
      process_.stdin.write(`${JSON.stringify({ case: name, variant, seconds })}\n`);
      const { ms, skip } = await answer<{ ms?: number[]; skip?: string }>();
      if (skip !== undefined && !skip.includes('has no variant')) console.error(`  ${name} (${variant}) is left out: ${skip}`);
      return ms;
    },
    stop: () => process_.stdin.end(),
  };
}
