import * as tf from '@tensorflow/tfjs-core';
import {
  createRandom,
  type Json,
  type Progress,
  type Scalars,
  type Temperature,
  type TemperatureInputs,
  type TemperatureSchedule,
  type Variables,
} from '@temper/core';

/** What a test may say of an update; all else is as at the first one. */
export interface Update {
  readonly at?: Progress;
  readonly state?: Json;
  /** Instead of what the host side says. */
  readonly scalars?: Scalars;
  readonly variables?: Variables;
  /** Default: class 0 for all. */
  readonly labels?: tf.Tensor;
  readonly mask?: tf.Tensor;
}

/** The inputs of a policy's graph side for these logits. The caller tidies. */
export function graphInputs(policy: TemperatureSchedule, student: tf.Tensor, teacher: tf.Tensor, update: Update = {}): TemperatureInputs {
  const { at = { step: 0, total: 100 }, state = policy.state?.initial ?? null } = update;
  const scalars = { ...policy.scalars(at, state), ...update.scalars };
  const classes = student.shape[student.rank - 1] as number;
  return {
    scalars: Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, tf.scalar(value)])),
    student,
    teacher,
    labels: update.labels ?? tf.zeros(student.shape.slice(0, -1), 'int32'),
    ...(update.mask === undefined ? {} : { mask: update.mask }),
    variables: update.variables ?? policy.variables?.({ classes, losses: ['soft'], random: createRandom(0) }) ?? {},
    ...(policy.graphKey === undefined ? {} : { graphKey: policy.graphKey(at) }),
  };
}

/** The temperature at an update, whichever side of the policy gives it. */
export function temperatureOf(policy: TemperatureSchedule, student: tf.Tensor, teacher: tf.Tensor, update: Update = {}): Temperature {
  const x = graphInputs(policy, student, teacher, update);
  return policy.temperature?.(x) ?? (x.scalars['value'] as tf.Scalar);
}

/** Values of each side, or of the one temperature of both. */
export function valuesOf(temperature: Temperature): number[][] {
  const sides = 'student' in temperature ? [temperature.student, temperature.teacher] : [temperature];
  return sides.map((side) => [...side.dataSync()]);
}
