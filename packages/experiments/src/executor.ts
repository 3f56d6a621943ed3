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

/** Who makes the runs of a comparison: the processes of this machine, or whoever implements it. */
export interface Executor {
  /**
   * Makes the jobs, in any order that `after` allows, and tells of each as it ends. A job that fails does not end the others, but those
   * that come after it fail with it. A job that is stopped goes on from its checkpoint when it is given again.
   */
  run(jobs: readonly Job[], options: { readonly signal?: AbortSignal }): AsyncIterable<Outcome>;
}
