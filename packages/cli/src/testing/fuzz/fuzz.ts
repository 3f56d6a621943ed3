import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createRandom, tf } from '@temper/core';
import { faultOf, shown } from './judge.js';
import type { Attempt, Ready, Target } from './target.js';
import { startWatch } from './watch.js';

/** The attempts to make. */
export interface FuzzOptions {
  readonly seed: number;
  /** Number of the first attempt. */
  readonly from: number;
  readonly count: number;
  readonly onProgress?: (done: number) => void;
}

/** An attempt with a wrong outcome. */
export interface Fault {
  readonly number: number;
  readonly fault: string;
  readonly given: string;
}

/** The outcome of a series of attempts. */
export interface Outcome {
  readonly faults: readonly Fault[];
  /** Attempts that ended without an error: where they are few, the changes are too coarse to test the reader. */
  readonly succeeded: number;
  /** Bytes of JavaScript memory that were retained after the first fifth. */
  readonly growth: number;
}

/** Seconds that an attempt may take: both of processor time and of the clock, so that a busy machine gives no false alarm. */
const longest = 1;
/** Seconds of processor time after which the process of an attempt is ended, and of the clock after which it is abandoned. */
const endless = 60;
/** The number of faults after which a series ends. */
const enough = 20;

/** Makes changed inputs, one for each number, and checks the outcome of each. A number gives the same input whatever came before it. */
export async function fuzz(target: Target, { seed, from, count, onProgress }: FuzzOptions): Promise<Outcome> {
  const ready = await target.start();
  const watch = startWatch(`${target.name} (seed ${seed})`, endless);
  const faults: Fault[] = [];
  let [succeeded, memory, number] = [0, 0, from];
  const note = (fault: string, given = ''): void => void faults.push({ number, fault, given: given.slice(0, 4000) });
  const stray = (error: unknown): void => note(`an error that nobody waits for: ${shown(error)}`);
  process.on('unhandledRejection', stray);
  try {
    for (; number < from + count && faults.length < enough; number++) {
      watch.begins(number);
      const before = tf.engine().state.numTensors;
      const found = await tried(target, ready, () => createRandom(seed).stream(target.name, number));
      const left = tf.engine().state.numTensors - before;
      if (found.ended === success) succeeded += 1;
      if (found.fault !== undefined) note(found.fault, found.given);
      else if (left !== 0) note(`${left} tensors are left after ${found.ended}`, shown(found.attempt.given));
      if (number === from + Math.floor(count / 5)) memory = await memoryInUse();
      onProgress?.(number + 1 - from);
    }
    return { faults, succeeded, growth: (await memoryInUse()) - memory };
  } finally {
    process.off('unhandledRejection', stray);
    await watch.close();
    await ready.close?.();
  }
}

const success = 'success';

interface Tried {
  readonly attempt: Attempt;
  /** `success`, or the message of the error. */
  readonly ended: string;
  readonly fault?: string;
  readonly given?: string;
}

/** Tries an attempt; a slow one is tried a second time, since the first may have compiled or collected garbage. */
async function tried(target: Target, ready: Ready, random: () => Parameters<Ready['attempt']>[0]): Promise<Tried> {
  for (let tries = 0; tries < 2; tries++) {
    const attempt = await ready.attempt(random());
    const [processor, clock] = [process.cpuUsage(), performance.now()];
    const { ended, fault } = await endOf(attempt, target.quotes === true);
    const { user, system } = process.cpuUsage(processor);
    const seconds = Math.min((user + system) / 1e6, (performance.now() - clock) / 1000);
    if (fault !== undefined) return { attempt, ended, fault, given: shown(attempt.given) };
    if (seconds <= longest) return { attempt, ended };
    if (tries === 1) return { attempt, ended, fault: `it takes ${seconds.toFixed(1)} s`, given: shown(attempt.given) };
  }
  throw new Error('unreachable');
}

async function endOf(attempt: Attempt, mayQuote: boolean): Promise<{ readonly ended: string; readonly fault?: string }> {
  const late = new AbortController();
  try {
    const ending = await Promise.race([
      Promise.resolve()
        .then(() => attempt.run())
        .then(() => success),
      wait(endless * 1000, 'late' as const, { signal: late.signal, ref: false }),
    ]);
    return ending === 'late' ? { ended: ending, fault: `it has not ended after ${endless} s` } : { ended: ending };
  } catch (error) {
    const fault = faultOf(error, mayQuote);
    return { ended: error instanceof Error ? error.message : shown(error), ...(fault === undefined ? {} : { fault }) };
  } finally {
    late.abort();
  }
}

/** Returns the bytes of JavaScript's heap and of its buffers, after a garbage collection. */
async function memoryInUse(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let times = 0; times < 3; times++) {
    collect();
    await wait(10);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
