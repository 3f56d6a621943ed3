import type { Json } from '@temper/core';

/** One run of a comparison, with everything that is needed to make it anywhere. */
export interface Job {
  /** Identifies it in the comparison: `falling/seed-2`. */
  readonly id: string;
  /** The checked config of the run, as JSON. */
  readonly config: Json;
  /** Jobs that must be finished before it. */
  readonly after: readonly string[];
}

/** The outcome of a job. */
export type Outcome =
  | { readonly id: string; readonly status: 'done'; readonly summary: Json; readonly seconds: number }
  | { readonly id: string; readonly status: 'failed'; readonly message: string }
  | { readonly id: string; readonly status: 'stopped' };

/** The progress of a running job. */
export interface JobProgress {
  readonly id: string;
  /** The number of its worker, from 0. */
  readonly worker: number;
  /** The updates made, and their total. */
  readonly done: number;
  readonly total: number;
}

/** Options of an executor. */
export interface ExecutorOptions {
  readonly signal?: AbortSignal;
  /** Receives the progress of running jobs from time to time; an executor that does not know it does not call this. */
  readonly onProgress?: (progress: JobProgress) => void;
}

/** Makes the runs of a comparison: in processes of this machine, or in another service that implements it. */
export interface Executor {
  /**
   * Makes the jobs in any order that `after` allows, and returns the outcome of each when it ends. A job that fails does not end the
   * others, but those that depend on it fail with it. A job that was stopped continues from its checkpoint when it is given again.
   */
  run(jobs: readonly Job[], options: ExecutorOptions): AsyncIterable<Outcome>;
}
