import { defineTemperature, tf, type ScalarTensors, type Schedule, type TemperatureSchedule } from '@temper/core';
import { z } from 'zod';
import { atLeast, atMost, base as checked, isOrdered, notOrdered, share } from './bounds.js';
import { detached, shifted, soften, type Softened } from './graph.js';

/** A measure of how soft a softmax is: rises with the temperature, and its slope in log T. */
export interface Softness {
  of(softened: Softened): tf.Tensor;
  slope(softened: Softened): tf.Tensor;
  /** The value that corresponds to a target between 0 and 1. */
  target(share: tf.Tensor, classes: number): tf.Tensor;
}

const halvings = 8;
const newtonSteps = 2;

/**
 * The temperature `[..., 1]` between min and max at which the softmax of some logits has the wanted softness: bisection in log T to one
 * part in 256, then Newton's method.
 */
function temperatureFor(softness: Softness, logits: tf.Tensor, target: tf.Tensor, min: number, max: number): tf.Tensor {
  const z = shifted(logits);
  let width = Math.log(max) - Math.log(min);
  let low: tf.Tensor = tf.fill([...logits.shape.slice(0, -1), 1], Math.log(min));
  for (let i = 0; i < halvings; i++) {
    width /= 2;
    const middle = tf.add(low, width);
    const tooHard = tf.less(softness.of(soften(z, tf.exp(middle))), target);
    low = tf.where(tooHard, middle, low);
  }
  let at: tf.Tensor = tf.add(low, width / 2);
  for (let i = 0; i < newtonSteps; i++) {
    const softened = soften(z, tf.exp(at));
    const step = tf.div(tf.sub(target, softness.of(softened)), tf.maximum(softness.slope(softened), 1e-6));
    at = tf.minimum(tf.maximum(tf.add(at, step), low), tf.add(low, width));
  }
  return tf.exp(at);
}

/** Defines a temperature of the teacher that gives it the softness of a target, or of the student. */
export const matching = <const N extends string>(type: N, softness: Softness, words: string) =>
  defineTemperature({
    type,
    options: (ref) =>
      z
        .strictObject({
          target: ref.schedule.optional().describe('between 0 and 1; default: the value of the student'),
          student: ref.schedule.optional().describe('temperature of the student; default 1'),
          min: atLeast,
          max: atMost,
        })
        .refine(isOrdered, notOrdered)
        .describe(words),
    create({ target, student = one, min, max }): TemperatureSchedule {
      const wanted = target === undefined ? undefined : share(target, 'target');
      const own = checked(student, min, 'student');
      return {
        scalars: (at) => ({ student: own(at), ...(wanted === undefined ? {} : { target: wanted(at) }) }),
        temperature: ({ scalars, student, teacher }) => ({
          student: scalars['student'] as tf.Scalar,
          teacher: detached([student, teacher], () => temperatureFor(softness, teacher, targetOf(softness, scalars, student), min, max)),
        }),
      };
    },
  });

const one: Schedule = () => 1;

function targetOf(softness: Softness, scalars: ScalarTensors, student: tf.Tensor): tf.Tensor {
  const target = scalars['target'];
  if (target !== undefined) return softness.target(target, student.shape[student.rank - 1] as number);
  return softness.of(soften(shifted(student), scalars['student'] as tf.Scalar));
}
