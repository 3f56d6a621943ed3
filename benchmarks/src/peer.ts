import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
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

interface Setup {
  readonly torch: string;
  readonly threads: number;
  readonly capability: string;
}

/**
 * Starts PyTorch with as many threads as there are cores; undefined where there is none. `TEMPER_BENCH_PYTHON` names the Python that
 * has it. A process that dies costs the case that it was asked for; the next one is asked of a new process.
 */
export async function startPeer(): Promise<Peer | undefined> {
  const python = process.env['TEMPER_BENCH_PYTHON'] ?? 'python3';
  if (spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' }).status !== 0) return undefined;
  // What torch.compile has kept from another machine can hold instructions that this one lacks, and crash.
  const cache = mkdtempSync(join(tmpdir(), 'temper-bench-'));
  let conversation = await startProcess(python, cache);
  const { torch: version, threads, capability } = conversation.setup;
  return {
    version,
    threads,
    capability,
    async times(name, variant, seconds) {
      if (conversation.ended()) conversation = await startProcess(python, cache);
      const { ms, skip } = await conversation.ask<{ ms?: number[]; skip?: string }>({ case: name, variant, seconds });
      if (skip !== undefined && !skip.includes('has no variant')) console.error(`  ${name} (${variant}) is left out: ${skip}`);
      return ms;
    },
    stop() {
      conversation.stop();
      rmSync(cache, { recursive: true, force: true });
    },
  };
}

async function startProcess(python: string, cache: string) {
  const env = { ...process.env, TORCHINDUCTOR_CACHE_DIR: cache };
  const child = spawn(python, [script, String(availableParallelism()), mnistFolder], { stdio: ['pipe', 'pipe', 'pipe'], env });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let lastWords = '';
  child.stderr.on('data', (text: Buffer) => (lastWords = `${lastWords}${text}`.slice(-400)));
  // A process that has died says so by the end of its lines.
  child.stdin.on('error', () => undefined);
  let ended = false;
  const answer = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    ended = done === true;
    if (ended) throw new Error(`PyTorch's process ended by itself: ${lastWords.trim()}`);
    return JSON.parse(value as string) as T;
  };
  return {
    setup: await answer<Setup>(),
    ended: () => ended,
    ask<T>(question: object): Promise<T> {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return answer<T>();
    },
    stop: () => child.stdin.end(),
  };
}
