import type * as tf from '@tensorflow/tfjs-core';
import { TemperError, type Loss, type LossInputs, type Schedule } from '@temper/core';

/** Lets a loop drive a loss's own schedules: each becomes one of the loss's scalars, by its name. */
export function withSchedules(loss: Loss, schedules: Readonly<Record<string, Schedule>>): Loss {
  const entries = Object.entries(schedules);
  const scalars: Loss['scalars'] = (at, state) => ({
    ...loss.scalars?.(at, state),
    ...Object.fromEntries(entries.map(([name, schedule]) => [name, schedule(at)])),
  });
  return Object.assign((x: LossInputs) => loss(x), loss, { scalars });
}

// A prime number, so that no period of a schedule divides it.
const probes = [0, 1, 333_667, 777_777, 1_000_002].map((step) => {
  const run = { step, total: 1_000_003, stepsPerEpoch: 1_009 };
  return { ...run, run };
});

/**
 * The value of one of the loss's own schedules: the scalar tensor that the loop gives under `name`. Without scalars, a constant schedule
 * has its value; for other schedules the value is not known.
 * @throws TemperError naming what to pass.
 */
export function scheduledValue(x: LossInputs, name: string, schedule: Schedule): tf.Scalar | number {
  if (x.scalars?.[name] !== undefined) return x.scalars[name];
  const [first, ...others] = probes.map(schedule) as [number, ...number[]];
  return others.every((other) => other === first) ? first : givenValue(x, name);
}

/**
 * A scalar that the loop gives under `name`.
 * @throws TemperError naming what to pass.
 */
export function givenValue({ scalars }: LossInputs, name: string): tf.Scalar {
  const given = scalars?.[name];
  if (given !== undefined) return given;
  throw new TemperError({
    code: 'config/invalid',
    message: `${name} changes during training, and its value at this step is missing`,
    hint: 'In your own training loop, call loss.scalars(at) before each update and pass the numbers as scalar tensors in scalars.',
  });
}
