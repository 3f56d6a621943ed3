import { fork, type ChildProcess } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json } from '@temper/core';
import type { Executor, ExecutorOptions, Job, JobProgress, Outcome } from '@temper/experiments';
import { summaryIn } from './summary-in.js';
import type { WorkerAnswer, WorkerJob, WorkerProgress } from './worker.js';

/** The places and the number of processes of a local comparison. */
export interface LocalPoolOptions {
  /** The config file, for its plug-ins. */
  readonly file: string;
  readonly folders: readonly string[];
  /** The comparison's folder. */
  readonly root: string;
  /** The number of concurrent processes. */
  readonly workers: number;
  /** Threads of each process. The same number gives the same bits for any number of workers. */
  readonly threads: number;
}

/** Makes runs in processes of this machine; a finished run is read from its folder. */
export const localPool = (options: LocalPoolOptions): Executor => ({
  run: (jobs, told) => makeAll(jobs, options, told),
});

async function* makeAll(jobs: readonly Job[], options: LocalPoolOptions, { signal, onProgress }: ExecutorOptions): AsyncGenerator<Outcome> {
  const waiting = [...jobs];
  const ended = new Map<string, Outcome['status']>();
  const running = new Map<string, Promise<readonly [Outcome, ChildProcess | undefined]>>();
  const idle: ChildProcess[] = [];
  // Processes with their numbers.
  const all = new Map<ChildProcess, number>();
  const worker = (): ChildProcess => {
    const one = idle.pop() ?? startWorker(options);
    if (!all.has(one)) all.set(one, freeNumber(all));
    return one;
  };
  const stop = (): void => all.forEach((_, one) => void (one.connected && one.disconnect()));
  signal?.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      while (running.size < options.workers && signal?.aborted !== true) {
        const place = waiting.findIndex(({ after }) => after.every((id) => ended.has(id)));
        const [job] = place < 0 ? [] : waiting.splice(place, 1);
        if (job === undefined) break;
        const lost = job.after.find((id) => ended.get(id) !== 'done');
        const kept = finishedRun(job, options);
        if (lost !== undefined)
          running.set(job.id, Promise.resolve([{ id: job.id, status: 'failed', message: `needs ${lost}, which is not done` }, undefined]));
        else if (kept !== undefined) running.set(job.id, Promise.resolve([kept, undefined]));
        else {
          const one = worker();
          const number = all.get(one) as number;
          running.set(
            job.id,
            makeOne(job, one, options, ({ done, total }) => onProgress?.({ id: job.id, worker: number, done, total })),
          );
        }
      }
      if (running.size === 0) return;
      const [outcome, free] = await Promise.race(running.values());
      running.delete(outcome.id);
      ended.set(outcome.id, outcome.status);
      if (free?.connected === true) idle.push(free);
      else if (free !== undefined) all.delete(free);
      yield outcome;
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}

/** Returns the smallest number that no process has. */
function freeNumber(all: ReadonlyMap<ChildProcess, number>): number {
  const taken = new Set(all.values());
  let number = 0;
  while (taken.has(number)) number += 1;
  return number;
}

/** Returns the outcome of a run whose folder has its summary. */
function finishedRun({ id }: Job, { root }: LocalPoolOptions): Outcome | undefined {
  const summary = summaryIn(join(root, id));
  return summary === undefined ? undefined : { id, status: 'done', summary: summary as Json, seconds: 0 };
}

function startWorker({ threads: wanted }: LocalPoolOptions): ChildProcess {
  const threads = String(wanted);
  const inside = fileURLToPath(new URL('./worker.js', import.meta.url));
  return fork(inside, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, TF_NUM_INTRAOP_THREADS: threads, TF_NUM_INTEROP_THREADS: threads, TF_CPP_MIN_LOG_LEVEL: '2' },
  });
}

/** Gives one run to a worker. A worker that ends before it answers has crashed: its run fails with the last lines of its output. */
function makeOne(
  job: Job,
  worker: ChildProcess,
  { file, folders, root }: LocalPoolOptions,
  onProgress: (progress: Pick<JobProgress, 'done' | 'total'>) => void,
): Promise<readonly [Outcome, ChildProcess]> {
  const started = performance.now();
  return new Promise((resolve) => {
    let said = '';
    const listen = (text: Buffer): void => void (said = (said + text.toString()).slice(-2000));
    const end = (outcome: Outcome): void => {
      worker.off('message', onAnswer).off('exit', onExit);
      worker.stderr?.off('data', listen);
      resolve([outcome, worker]);
    };
    const onAnswer = (answer: WorkerAnswer | WorkerProgress): void => {
      if (answer.status === 'working') return onProgress(answer);
      end(
        answer.status === 'done' ? { ...answer, summary: answer.summary as Json, seconds: (performance.now() - started) / 1000 } : answer,
      );
    };
    const onExit = (code: number | null, signal: string | null): void => {
      const last = said.trim().split('\n').pop() ?? '';
      const how = signal === null ? `with status ${code}` : `by ${signal}`;
      end({ id: job.id, status: 'failed', message: `its process ended ${how}${last === '' ? '' : `: ${last}`}` });
    };
    worker.on('message', onAnswer).on('exit', onExit);
    worker.stderr?.on('data', listen);
    const sent: WorkerJob = {
      id: job.id,
      config: job.config as unknown as WorkerJob['config'],
      file,
      folders,
      runs: join(root, dirname(job.id)),
      logits: join(root, 'teacher', 'logits'),
    };
    worker.send(sent);
  });
}
