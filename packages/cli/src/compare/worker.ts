// A process that makes runs one after the other for a comparison. A message names each run; the answer gives its outcome.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createKit, definePlugin, reasonOf, TemperError, Tokens, type Reporter, type RunConfig } from '@temper/core';
import { diskLogits, node } from '@temper/node';
import { loadConfig } from '../config/load.js';
import { withStandard } from '../standard.js';
import { summaryJson } from '../summary.js';
import { sharedData } from './shared-data.js';
import { summaryIn } from './summary-in.js';

/** The message that names the next run. */
export interface WorkerJob {
  readonly id: string;
  readonly config: object & { readonly name: string };
  /** The config file, for its plug-ins. */
  readonly file: string;
  /** The folders from which relative paths of the config start. */
  readonly folders: readonly string[];
  /** The folder in which the run's folder is or will be. */
  readonly runs: string;
  /** The folder in which the runs of the comparison keep the logits of their teacher. */
  readonly logits: string;
}

/** The answers of the process. */
export type WorkerAnswer =
  | { readonly id: string; readonly status: 'done'; readonly summary: object }
  | { readonly id: string; readonly status: 'failed'; readonly message: string }
  | { readonly id: string; readonly status: 'stopped' };

/** The progress of a run: the updates made, and their total. */
export interface WorkerProgress {
  readonly id: string;
  readonly status: 'working';
  readonly done: number;
  readonly total: number;
}

/** Milliseconds between two reports. */
const pause = 250;

/** The data of the run before: most runs of a comparison have the same. */
const data = sharedData(1);
const controller = new AbortController();
// The parent process has ended, or requests a stop: the current run is saved.
process.on('disconnect', () => controller.abort());
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => controller.abort());
process.on('message', (job: WorkerJob) => void make(job).then(answer));

async function make(job: WorkerJob): Promise<WorkerAnswer> {
  const { id } = job;
  for (;;) {
    const summary = summaryIn(join(job.runs, job.config.name));
    if (summary !== undefined) return { id, status: 'done', summary };
    try {
      return { id, status: 'done', summary: await runOnce(job) };
    } catch (error) {
      if (error instanceof TemperError && error.code === 'run/stopped') return { id, status: 'stopped' };
      if (!(error instanceof TemperError && error.code === 'run/exists')) return { id, status: 'failed', message: reasonOf(error) };
    }
    // Another comparison makes this run, or the worker of a killed comparison still saves it.
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (controller.signal.aborted) return { id, status: 'stopped' };
  }
}

async function runOnce({ id, config, file, folders, runs, logits }: WorkerJob): Promise<object> {
  const { plugins } = await loadConfig(file);
  const shared = definePlugin({
    name: 'shared-logits',
    services: (container) => void container.bind(Tokens.LogitsStore).toConstantValue(diskLogits(logits)),
  });
  const kit = createKit({ plugins: withStandard(plugins, [node({ runs, folders }), shared]) });
  const splits = await data.of(kit, config as RunConfig);
  const result = await kit.run(config as never, {
    ...(splits === undefined ? {} : { data: splits }),
    signal: controller.signal,
    resume: existsSync(join(runs, config.name)),
    reporters: [progressReporter(id)],
  });
  result.student.dispose();
  result.teacher?.dispose();
  return summaryJson(result);
}

function progressReporter(id: string): Reporter {
  let last = -Infinity;
  return {
    name: 'worker',
    report(event) {
      if (event.type !== 'steps' || performance.now() - last < pause) return;
      last = performance.now();
      const told: WorkerProgress = { id, status: 'working', done: event.step, total: event.totalSteps };
      if (process.connected) process.send?.(told);
    },
  };
}

function answer(given: WorkerAnswer): void {
  if (process.connected) process.send?.(given);
  if (controller.signal.aborted) process.exit(0);
}
