import type * as tf from '@tensorflow/tfjs-core';
import { TemperError, type Loss, type LossInputs, type Refs, type Schedule, type TemperatureSchedule } from '@temper/core';
import { scheduledValue, withSchedules } from './scheduled.js';

/** The option `temperature` of every loss that uses one. */
export const ownTemperature = (ref: Refs) => ref.temperature.optional().describe("the loss's own temperature, in place of the stage's");

const prefix = 'temperature.';

/**
 * Gives a loss a temperature of its own, in place of the stage's: its numbers become scalars of the loss, and its
 * learned variables become variables of the loss.
 * @throws TemperError for a temperature that reacts to metrics or changes its graph side: only a stage keeps their state.
 */
export function withOwnTemperature(loss: Loss, own: Schedule | TemperatureSchedule | undefined): Loss {
  if (own === undefined) return loss;
  return typeof own === 'function' ? withSchedule(loss, own) : withPolicy(loss, own);
}

function withSchedule(loss: Loss, own: Schedule): Loss {
  const name = `${prefix}value`;
  const wrapped = (x: LossInputs): tf.Tensor => {
    const temperature = scheduledValue(x, name, own);
    // A getter, since a schedule over the whole run has no first value here, and few losses ask for it.
    return loss({ ...x, temperature, get initialTemperature() { return own({ step: 0, total: 2 }); } });
  };
  return withSchedules(Object.assign(wrapped, loss), { [name]: own });
}

function withPolicy(loss: Loss, own: TemperatureSchedule): Loss {
  if (own.state !== undefined || own.graphKey !== undefined) {
    throw new TemperError({
      code: 'config/invalid',
      path: 'temperature',
      message: 'a loss cannot have a temperature that reacts to metrics or that is put together from adaptive parts',
      hint: "Make it the stage's temperature, or give the loss a plain schedule.",
    });
  }
  const { temperature: graphSide } = own;
  const wrapped = (x: LossInputs): tf.Tensor => {
    const { student, teacher, labels } = x;
    // Without its inputs the loss itself says what is missing.
    if (teacher === undefined || labels === undefined) return loss(x);
    const scalars = unprefixed(x.scalars);
    const variables = unprefixed(x.variables);
    const temperature = graphSide === undefined ? scalars['value'] : graphSide({ scalars, student, teacher, labels, variables });
    const { initialTemperature: _, ...rest } = x;
    return loss(temperature === undefined ? rest : { ...rest, temperature });
  };
  return Object.assign(wrapped, loss, {
    needs: ['labels', 'teacher'] as const,
    scalars: (at: Parameters<Schedule>[0]) => ({ ...loss.scalars?.(at), ...prefixed(own.scalars(at, null)) }),
    ...(own.variables === undefined
      ? {}
      : { variables: (context: Parameters<NonNullable<Loss['variables']>>[0]) => ({ ...loss.variables?.(context), ...prefixed(own.variables?.(context) ?? {}) }) }),
  });
}

const prefixed = <T>(values: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));

const unprefixed = <T>(values: Readonly<Record<string, T>> = {}): Record<string, T> =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [])));
