import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { stateOf, type Loss, type Metrics, type Progress } from '@temper/core';
import { anyObservations, anyProgress } from './arbitraries.js';
import { inputsOf, tensorsOf, type LossCase } from './check-loss-cases.js';
import { demand, sameNames, tensorsKept } from './laws.js';
import { stateAfter } from './state-after.js';

/** What a loss is shown after its evaluations, and positions of the run. */
export interface Observed {
  readonly seen: readonly Metrics[];
  /** A number for each measurement of each observation, used again from the start if there are more measurements. */
  readonly measured: readonly number[];
  readonly at: Progress;
  readonly other: Progress;
}

const measurement = fc.oneof(fc.double({ min: 0, max: 20, noNaN: true }), fc.constantFrom(0, 1e-12, 1, 1e4, 1e10));

export const anyObserved: fc.Arbitrary<Observed> = fc.record({
  seen: anyObservations(['loss']),
  measured: fc.array(measurement, { minLength: 1, maxLength: 8 }),
  at: anyProgress(1000),
  other: anyProgress(1000),
});

/**
 * A loss measures finite scalars, leaves no tensor behind, and keeps a state that is JSON; its numbers are finite and have the same names
 * in every state.
 */
export function keepsState(loss: Loss, one: LossCase, { seen, measured, at, other }: Observed): void {
  const names = tensorsKept(() => measurementsOf(loss, one));
  const observations = seen.map((numbers, i) => ({
    ...numbers,
    ...Object.fromEntries(names.map((name, j) => [name, measured[(i * names.length + j) % measured.length] as number])),
  }));
  const state = stateAfter(loss, observations, at);
  const numbers = loss.scalars?.(at, state) ?? {};
  sameNames(
    'scalars',
    Object.keys(numbers),
    Object.keys(loss.scalars?.(other, stateOf(loss)) ?? {}),
    'the same at every step and in every state',
  );
  for (const [name, value] of Object.entries(numbers)) {
    demand(Number.isFinite(value), `scalar "${name}" must be finite, got ${value}`);
    demand(Object.is(loss.scalars?.(at, state)[name], value), `scalar "${name}" must be ${value} when asked again`);
  }
}

/** Returns the names of the measurements of a case, which are checked. */
function measurementsOf(loss: Loss, one: LossCase): string[] {
  return tf.tidy(() => {
    const measurements = loss.measure?.(inputsOf(loss, one, tensorsOf(one))) ?? {};
    for (const [name, value] of Object.entries(measurements)) {
      const [number] = value.dataSync();
      demand(
        value.rank === 0 && Number.isFinite(number),
        `measurement "${name}" must be a finite scalar, got ${number} of shape [${value.shape}]`,
      );
    }
    return Object.keys(measurements);
  });
}
