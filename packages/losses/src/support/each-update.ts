import type { Progress } from '@temper/core';

/** The updates between two observations, with the loss before the first and after the last. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  /** The update before the last observation; null where it is not known. */
  readonly last: number | null;
  /** The update before this observation. */
  readonly at: Progress | undefined;
}

/** An update between two observations. */
interface Update {
  readonly loss: number;
  readonly before: number;
  readonly at: Progress | undefined;
}

/**
 * Applies a rule that is written for one update to the updates between two observations. Of these only the mean of the loss is known: the
 * loss is taken to go from the previous mean to this one in a straight line.
 */
export function eachUpdate<S>(state: S, { from, to, last, at }: Stretch, rule: (state: S, update: Update) => S): S {
  const updates = at === undefined || last === null ? 1 : Math.max(1, at.step - last);
  let [next, before] = [state, from];
  for (let i = 1; i <= updates; i++) {
    const loss = i === updates ? to : from + ((to - from) * i) / updates;
    next = rule(next, { loss, before, at: at && earlier(at, updates - i) });
    before = loss;
  }
  return next;
}

const earlier = (at: Progress, by: number): Progress => ({
  ...at,
  step: at.step - by,
  ...(at.run === undefined ? {} : { run: { ...at.run, step: at.run.step - by } }),
});
