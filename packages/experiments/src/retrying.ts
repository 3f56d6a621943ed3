import type { Executor, Job, Outcome } from './executor.js';

/**
 * Makes jobs that fail again, up to so many times each, once the others have ended. A job is reported when it is done, or has failed for
 * the last time.
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
      // What comes after a job that is done by now does not have to wait for it any more.
      waiting = waiting.filter(({ id }) => failed.has(id)).map((job) => ({ ...job, after: job.after.filter((id) => !done.has(id)) }));
    }
  },
});
