import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineSchedule, defineTemperature, progressOf, Tokens, type AnyDefinition } from '@temper/core';
import { checkSchedule } from './fixtures.js';

const policy = (temperature: (z: { student: tf.Tensor; teacher: tf.Tensor; scalars: Readonly<Record<string, tf.Scalar>> }) => tf.Tensor) =>
  defineTemperature({
    type: 'policy',
    options: z.strictObject({}),
    create: () => ({ scalars: (at) => ({ value: 1 + progressOf(at) }), temperature }),
  });

describe('an adaptive temperature', () => {
  const perSample = (z: tf.Tensor): tf.Tensor => tf.add(1, tf.relu(tf.mean(z, -1, true)));

  test('checkTemperature accepts a policy that keeps the laws', () => {
    checkSchedule(policy(({ student, scalars }) => tf.mul(scalars['value'] as tf.Scalar, perSample(student))));
  });

  test('that has a value for each class passes', () => {
    checkSchedule(policy(({ student, scalars }) => tf.mul(scalars['value'] as tf.Scalar, tf.ones([1, student.shape.at(-1) as number]))));
    checkSchedule(policy(({ student }) => tf.add(1, tf.relu(student))));
  });

  let seen = 0;
  test.each<[string, AnyDefinition, string]>([
    ['has a wrong shape', policy(({ student }) => tf.squeeze(perSample(student), [-1])), 'it must be a scalar, '],
    [
      'has one value for each class without a dimension for samples',
      policy(({ student }) => tf.ones([student.shape.at(-1) as number])),
      'it must be a scalar, ',
    ],
    ['is not above 0', policy(({ student }) => tf.mean(student, -1, true)), 'must be finite and above 0'],
    ['reads tensors back', policy(({ student }) => tf.scalar(1 + Math.abs(student.dataSync()[0] as number))), 'must not read tensors back'],
    ['leaks tensors', policy(({ student }) => tf.keep(perSample(student))), 'tensors left behind'],
    [
      'has a gradient that is not finite',
      policy(({ student }) => tf.add(1, tf.sqrt(tf.relu(tf.mean(student, -1, true))))),
      'must be finite',
    ],
    [
      'uses a number that is not one of its scalars',
      defineTemperature({
        type: 'past',
        options: z.strictObject({}),
        create: () => ({ scalars: (at) => ({ value: (seen = 1 + progressOf(at)) }), temperature: () => tf.scalar(seen) }),
      }),
      'must depend on its inputs alone',
    ],
    [
      'changes its state',
      defineTemperature({
        type: 'mutable',
        options: z.strictObject({}),
        create: () => ({
          scalars: () => ({ value: 1 }),
          state: {
            initial: { n: 0 },
            observe: (state) => {
              (state as { n: number }).n++;
              return state;
            },
          },
        }),
      }),
      'read only',
    ],
    [
      'has a state that is not JSON',
      defineTemperature({
        type: 'unsaved',
        options: z.strictObject({}),
        create: () => ({ scalars: () => ({ value: 1 }), state: { initial: 0, observe: (_, { loss = 0 }) => loss / 0 } }),
      }),
      'plain JSON',
    ],
  ])('checkTemperature refuses a policy that %s', (_, definition, message) => {
    expect(() => checkSchedule(definition)).toThrow(new RegExp(message));
  });
});

test('checkTemperature uses the given examples and services', () => {
  const services = { name: 'services', provides: [], services: () => undefined };
  const known = defineSchedule({
    type: 'known',
    options: z.strictObject({ name: z.enum(['a', 'b']), scale: z.number() }),
    create:
      ({ scale }) =>
      () =>
        scale,
  });
  checkSchedule(known, { examples: [{ name: 'a', scale: 2 }], plugins: [services] });
  const asking = defineSchedule({
    type: 'asking',
    options: z.strictObject({}),
    create: (_, services) => {
      const { seed } = services.get(Tokens.Random);
      return () => seed;
    },
  });
  checkSchedule(asking);
});
