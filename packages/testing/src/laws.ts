import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { ReactiveState } from '@temper/core';

/** Checks a law; fast-check reports its failure. */
export function demand(holds: boolean, law: string): void {
  if (!holds) throw new Error(law);
}

/** Checks that two sets of names are equal, in any order. */
export function sameNames(what: string, got: readonly string[], want: readonly string[], rule: string): void {
  const missing = want.filter((name) => !got.includes(name));
  const extra = got.filter((name) => !want.includes(name));
  demand(
    missing.length + extra.length === 0,
    `names of the ${what} must be ${rule}: ` +
      `${[...missing.map((name) => `"${name}" is missing`), ...extra.map((name) => `"${name}" is too many`)].join(', ')}`,
  );
}

/** Returns whether a value is the same after a conversion to JSON and back. */
function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  return typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isJson);
}

/** Checks that a state is JSON, and of the form in its strategy's schema. */
export function stateFits({ schema }: Pick<ReactiveState, 'schema'>, state: unknown): void {
  demand(isJson(state), `state must be plain JSON, got ${fc.stringify(state)}`);
  const issue = schema?.safeParse(state).error?.issues[0];
  demand(
    issue === undefined,
    `state must fit its schema (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}), got ${fc.stringify(state)}`,
  );
}

/** Runs `body` and checks that the number of live tensors is the same as before. */
export function tensorsKept<T>(body: () => T): T {
  const before = tf.memory().numTensors;
  const result = body();
  const kept = tf.memory().numTensors - before;
  demand(kept === 0, kept > 0 ? `tensors left behind: ${kept}` : `tensors disposed that are not its own: ${-kept}`);
  return result;
}
