import type { Json } from '@temper/core';

/** One run of a comparison: everything that is needed to make it anywhere. */
export interface Job {
  /** Tells it from all others of the comparison: `falling/seed-2`. */
  readonly id: string;
  /** The checked config of the run, as JSON. */
  readonly config: Json;
  /** Jobs that must be done before. */
  readonly after: readonly string[];
}

/** How a job ended. */
export type Outcome =
  | { readonly id: string; readonly status: 'done'; readonly summary: Json; readonly seconds: number }
  | { readonly id: string; readonly status: 'failed'; readonly message: string }
  | { readonly id: string; readonly status: 'stopped' };

/** How far a job under way is. */
export interface JobProgress {
  readonly id: string;
  /** Which of those that work at once makes it, from 0. */
  readonly worker: number;
  /** Updates made, and all of them. */
  readonly done: number;
  readonly total: number;
}

/** What an executor is given besides the jobs. */
export interface ExecutorOptions {
  readonly signal?: AbortSignal;
  /** Told now and then how far the jobs under way are; an executor that does not know does not call it. */
  readonly onProgress?: (progress: JobProgress) => void;
}

/** Makes the runs of a comparison: the processes of this machine, or another service that implements it. */
export interface Executor {
  /**
   * Makes the jobs, in any order that `after` allows, and gives the outcome of each as it ends. A job that fails does not end the others,
   * but those that come after it fail with it. A job that was stopped continues from its checkpoint when it is given again.
   */
  run(jobs: readonly Job[], options: ExecutorOptions): AsyncIterable<Outcome>;
}
