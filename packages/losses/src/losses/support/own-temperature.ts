import {
  fitTemperature,
  stateOf,
  TemperError,
  tf,
  underPath,
  type Json,
  type Loss,
  type LossContext,
  type LossInputs,
  type Progress,
  type ReactiveState,
  type Refs,
  type Schedule,
  type Temperature,
  type TemperatureInputs,
  type TemperatureSchedule,
} from '@temper/core';
import { z } from 'zod';
import { checkInputs } from './check-inputs.js';
import type { Needing } from './create-loss.js';
import { givenValue, scheduledValue, withSchedules } from './scheduled.js';
import { withInputs } from './with-inputs.js';

/** The option `temperature` of every loss that uses one. */
export const ownTemperature = (ref: Refs) => ref.temperature.optional().describe("the loss's own temperature, in place of the stage's");

const prefix = 'temperature.';
// The two ends of the shortest run.
const [first, last] = [0, 1].map((step): Progress => ({ step, total: 2, stepsPerEpoch: 1, run: { step, total: 2, stepsPerEpoch: 1 } })) as [
  Progress,
  Progress,
];

/**
 * Gives a loss a temperature of its own, in place of the stage's: its numbers become scalars of the loss, and its
 * learned variables become variables of the loss.
 * @throws TemperError for a temperature that changes its graph side during training.
 */
export function withOwnTemperature(loss: Loss, own: Schedule | TemperatureSchedule | undefined): Loss {
  if (own === undefined) return loss;
  return typeof own === 'function' ? withSchedule(loss, own) : withPolicy(loss, own);
}

function withSchedule(loss: Loss, own: Schedule): Loss {
  const name = `${prefix}value`;
  const checked = positive(own);
  const initialTemperature = checked(first);
  checked(last);
  const wrapped = withInputs(loss, (x) => ({ ...x, temperature: scheduledValue(x, name, own), initialTemperature }));
  return withSchedules(wrapped, { [name]: checked });
}

/** The same schedule; a value that is not positive is an error that names the step. */
const positive =
  (own: Schedule): Schedule =>
  (at) => {
    const value = own(at);
    if (value > 0 && value < Infinity) return value;
    throw new TemperError({
      code: 'config/invalid',
      path: 'temperature',
      message: `must be a finite number above 0 at every update, got ${value} at step ${at.step} of ${at.total}`,
    });
  };

function withPolicy(loss: Loss, own: TemperatureSchedule): Loss {
  if (own.graphKey !== undefined) {
    throw new TemperError({
      code: 'config/invalid',
      path: 'temperature',
      message: 'a loss cannot have a temperature whose operations change during training, such as a sequence of adaptive parts',
      hint: "Make it the stage's temperature, or give the loss a plain schedule.",
    });
  }
  const needs = ['labels', 'teacher'] as const;
  const names = Object.keys(own.scalars(first, stateOf(own)));
  const policyInputs = (x: Needing<'labels' | 'teacher'>): TemperatureInputs => ({
    ...x,
    scalars: Object.fromEntries(names.map((name) => [name, givenValue(x, prefix + name)])),
    variables: unprefixed(x.variables),
  });
  const ownTemperatureAt = (x: TemperatureInputs): Temperature =>
    underPath('temperature', () => {
      const made = own.temperature?.(x) ?? x.scalars['value'];
      return fitTemperature(made as Temperature, x.student, []);
    });
  const wrapped = withInputs(loss, (x) => {
    checkInputs(x, needs);
    const { initialTemperature: _, ...rest } = x as Needing<'labels' | 'teacher'>;
    return { ...rest, temperature: ownTemperatureAt(policyInputs(rest)) };
  });
  const { measure } = own;
  const measureOfLoss = wrapped.measure;
  const reacting = own.state === undefined ? {} : { state: bothStates(loss.state, own.state) };
  return Object.assign(wrapped, {
    needs,
    ...(own.acrossSamples === true ? { acrossSamples: true } : {}),
    scalars: (at: Progress, state: Json = stateOf({ ...loss, ...reacting })) => ({
      ...loss.scalars?.(at, own.state === undefined ? state : partsOf(state).loss),
      ...prefixed(own.scalars(at, own.state === undefined ? null : partsOf(state).temperature)),
    }),
    ...reacting,
    ...(measure === undefined
      ? {}
      : {
          measure: (x: LossInputs) =>
            tf.tidy(() => {
              const inputs = policyInputs(x as Needing<'labels' | 'teacher'>);
              return { ...measureOfLoss?.(x), ...prefixed(measure({ ...inputs, temperature: ownTemperatureAt(inputs) })) };
            }),
        }),
    ...(own.variables === undefined
      ? {}
      : { variables: (context: LossContext) => ({ ...loss.variables?.(context), ...prefixed(own.variables?.(context) ?? {}) }) }),
  });
}

/** The states of a loss and of its own temperature. */
interface Parts {
  readonly loss: Json;
  readonly temperature: Json;
}
const partsOf = (state: Json): Parts => state as unknown as Parts;

/** Keeps the states of a loss and of its temperature; each observes the measurements under its own names. */
function bothStates(ofLoss: ReactiveState | undefined, ofTemperature: ReactiveState): ReactiveState {
  return {
    initial: { loss: ofLoss?.initial ?? null, temperature: ofTemperature.initial },
    schema: z.strictObject({
      loss: ofLoss === undefined ? z.null() : (ofLoss.schema ?? z.json()),
      temperature: ofTemperature.schema ?? z.json(),
    }),
    observe: (state, seen, at, better) => ({
      loss: ofLoss?.observe(partsOf(state).loss, seen, at, better) ?? null,
      temperature: ofTemperature.observe(partsOf(state).temperature, { ...seen, ...unprefixed(seen) }, at, better),
    }),
  };
}

const prefixed = <T>(values: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));

const unprefixed = <T>(values: Readonly<Record<string, T>> = {}): Record<string, T> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [])),
  );
