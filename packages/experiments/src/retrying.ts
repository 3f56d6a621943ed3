import type { Executor, Job, Outcome } from './executor.js';

/**
 * Repeats jobs that fail, each up to a number of times, once the others have ended. A job is reported when it is finished, or has failed
 * for the last time.
 * @param onRetry Called with the failures that are tried again.
 */
export const retrying = (
  executor: Executor,
  times: number,
  onRetry: (failed: Outcome & { readonly status: 'failed' }) => void,
): Executor => ({
  async *run(jobs, options) {
    let waiting: readonly Job[] = jobs;
    const done = new Set<string>();
    for (let attempt = 0; ; attempt++) {
      const failed = new Set<string>();
      for await (const outcome of executor.run(waiting, options)) {
        if (outcome.status === 'done') done.add(outcome.id);
        if (outcome.status === 'failed' && attempt < times && options.signal?.aborted !== true) {
          failed.add(outcome.id);
          onRetry(outcome);
        } else yield outcome;
      }
      if (failed.size === 0) return;
      // A job that depends on a finished job no longer has to wait for it.
      waiting = waiting.filter(({ id }) => failed.has(id)).map((job) => ({ ...job, after: job.after.filter((id) => !done.has(id)) }));
    }
  },
});
