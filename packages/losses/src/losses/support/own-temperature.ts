import {
  fitTemperature,
  TemperError,
  tf,
  underPath,
  type Loss,
  type LossContext,
  type LossInputs,
  type Progress,
  type Refs,
  type Schedule,
  type Temperature,
  type TemperatureSchedule,
} from '@temper/core';
import { checkInputs } from './check-inputs.js';
import type { Needing } from './create-loss.js';
import { givenValue, scheduledValue, withSchedules } from './scheduled.js';

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
 * @throws TemperError for a temperature that reacts to metrics or changes its graph side: their state is kept for stages only.
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
  const wrapped = (x: LossInputs): tf.Tensor => loss({ ...x, temperature: scheduledValue(x, name, own), initialTemperature });
  return withSchedules(Object.assign(wrapped, loss), { [name]: checked });
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
  if (own.state !== undefined || own.graphKey !== undefined) {
    throw new TemperError({
      code: 'config/invalid',
      path: 'temperature',
      message: 'a loss cannot have a temperature that reacts to metrics or that is combined from adaptive parts',
      hint: "Make it the stage's temperature, or give the loss a plain schedule.",
    });
  }
  const needs = ['labels', 'teacher'] as const;
  const names = Object.keys(own.scalars(first, null));
  const wrapped = (x: LossInputs): tf.Tensor =>
    tf.tidy(() => {
      checkInputs(x, needs);
      const { initialTemperature: _, ...rest } = x as Needing<'labels' | 'teacher'>;
      const scalars = Object.fromEntries(names.map((name) => [name, givenValue(x, prefix + name)]));
      const temperature = underPath('temperature', () => {
        const made = own.temperature?.({ ...rest, scalars, variables: unprefixed(x.variables) }) ?? scalars['value'];
        return fitTemperature(made as Temperature, rest.student, []);
      });
      return loss({ ...rest, temperature });
    });
  return Object.assign(wrapped, loss, {
    needs,
    ...(own.acrossSamples === true ? { acrossSamples: true } : {}),
    scalars: (at: Progress) => ({ ...loss.scalars?.(at), ...prefixed(own.scalars(at, null)) }),
    ...(own.variables === undefined
      ? {}
      : { variables: (context: LossContext) => ({ ...loss.variables?.(context), ...prefixed(own.variables?.(context) ?? {}) }) }),
  });
}

const prefixed = <T>(values: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));

const unprefixed = <T>(values: Readonly<Record<string, T>> = {}): Record<string, T> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [])),
  );
