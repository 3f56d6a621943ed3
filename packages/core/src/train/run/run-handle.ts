import type { Reporter, RunEvent } from '../../contracts/events.js';
import type { RunHandle, RunResult } from '../../contracts/run.js';

/** Starts a run whose events can be iterated; each iteration sees the events from its own start on. */
export function runHandle(start: (events: Reporter) => Promise<RunResult>): RunHandle {
  const followers = new Set<Follower>();
  const reporter: Reporter = { name: 'iteration', report: (event) => followers.forEach((follower) => follower.push(event)) };
  // Started in a microtask, so that an iteration that begins right after the call misses no event.
  const result = Promise.resolve().then(() => start(reporter));
  return Object.assign(result, {
    [Symbol.asyncIterator](): AsyncIterator<RunEvent> {
      const follower = createFollower(() => followers.delete(follower));
      followers.add(follower);
      // A caller that only iterates gets a failure from the iteration.
      result.then(follower.end, follower.fail);
      return follower.iterator;
    },
  });
}

interface Follower {
  push(event: RunEvent): void;
  end(): void;
  fail(error: unknown): void;
  readonly iterator: AsyncIterator<RunEvent>;
}

interface Waiting {
  resolve(next: IteratorResult<RunEvent>): void;
  reject(error: unknown): void;
}

/** Creates a queue between the run, which does not wait, and an iteration. */
function createFollower(leave: () => void): Follower {
  const queue: RunEvent[] = [];
  const waiting: Waiting[] = [];
  let over: { readonly error?: unknown; readonly failed: boolean } | undefined;
  const settle = (waiter: Waiting): void => {
    const event = queue.shift();
    if (event !== undefined) waiter.resolve({ value: event, done: false });
    else if (over?.failed === true) {
      const { error } = over;
      over = { failed: false };
      waiter.reject(error);
    } else waiter.resolve({ value: undefined, done: true });
  };
  const close = (how: NonNullable<typeof over>): void => {
    over ??= how;
    waiting.splice(0).forEach(settle);
    leave();
  };
  return {
    push(event) {
      queue.push(event);
      const waiter = waiting.shift();
      if (waiter !== undefined) settle(waiter);
    },
    end: () => close({ failed: false }),
    fail: (error) => close({ error, failed: true }),
    iterator: {
      next: () =>
        new Promise((resolve, reject) => {
          if (queue.length > 0 || over !== undefined) settle({ resolve, reject });
          else waiting.push({ resolve, reject });
        }),
      return() {
        queue.length = 0;
        close({ failed: false });
        return Promise.resolve({ value: undefined, done: true });
      },
    },
  };
}
