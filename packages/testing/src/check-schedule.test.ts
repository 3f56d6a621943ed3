import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineLoss, defineSchedule, progressOf, type AnyDefinition, type Schedule } from '@temper/core';
import { checkSchedule, options } from './fixtures.js';

const line = (create: (options: { from: number; to: number }) => Schedule) => defineSchedule({ type: 'line', options, create });
const right = line(
  ({ from, to }) =>
    (at) =>
      progressOf(at) === 1 ? to : from + (to - from) * progressOf(at),
);

test('checkSchedule accepts a schedule that keeps the laws', () => {
  checkSchedule(right);
  checkSchedule(right, { examples: [{ from: 20, to: 1 }] });
  checkSchedule(
    defineSchedule({
      type: 'halving',
      options: z.strictObject({ from: z.number().max(1e6).min(0), every: z.int().min(1) }),
      create:
        ({ from, every }) =>
        ({ step, total }) =>
          from / 2 ** Math.floor(Math.min(step, total - 1) / every),
    }),
  );
});

test('checkSchedule accepts an operator over nested schedules', () => {
  checkSchedule(
    defineSchedule({
      type: 'twice',
      options: (ref) => z.strictObject({ of: ref.schedule, more: z.array(ref.schedule).max(2).optional() }),
      create:
        ({ of }) =>
        (at) =>
          2 * of(at),
    }),
  );
});

describe('broken laws', () => {
  let calls = 0;
  let drawn = 0;
  test.each<[string, AnyDefinition, string]>([
    [
      'misses its end',
      line(
        ({ from, to }) =>
          ({ step, total }) =>
            from + ((to - from) * Math.min(step, total)) / total,
      ),
      'must have exactly',
    ],
    [
      'rounds at its start',
      line(
        ({ from, to }) =>
          (at) =>
            progressOf(at) === 1 ? to : to + (from - to) * (1 - progressOf(at)),
      ),
      'the first of',
    ],
    [
      'changes past its end',
      defineSchedule({
        type: 'steps',
        options: z.strictObject({}),
        create:
          () =>
          ({ step }) =>
            step,
      }),
      'must keep the last value',
    ],
    [
      'counts its calls',
      defineSchedule({ type: 'calls', options: z.strictObject({}), create: () => () => calls++ }),
      'must not depend on what was asked before',
    ],
    [
      'remembers earlier calls',
      defineSchedule({
        type: 'largest',
        options: z.strictObject({}),
        create: () => {
          let seen = 0;
          return (at) => (seen = Math.max(seen, progressOf(at)));
        },
      }),
      'must not depend on what was asked before',
    ],
    [
      'is random',
      defineSchedule({
        type: 'noise',
        options: z.strictObject({}),
        create: () => () => ((drawn = (drawn * 16807 + 1) % 2147483647), drawn),
      }),
      'must not depend on what was asked before',
    ],
    [
      'is not finite',
      defineSchedule({ type: 'pole', options: z.strictObject({}), create: () => (at) => 1 / (1 - progressOf(at)) }),
      'must be a finite number',
    ],
    [
      'changes its progress',
      defineSchedule({
        type: 'eater',
        options: z.strictObject({}),
        create: () => (at) => {
          (at as { step: number }).step = 0;
          return 1;
        },
      }),
      'read only',
    ],
    [
      'accepts a value that is not a number',
      defineSchedule({
        type: 'lax',
        options: z.strictObject({ from: z.number().or(z.nan()) }),
        create:
          ({ from }) =>
          () =>
            from + 0,
      }),
      'is refused|must be refused|cannot be guessed|must be a finite',
    ],
    ['has a name in capitals', defineSchedule({ type: 'Line', options, create: right.create }), 'lower-case words'],
    [
      'fails on options that it accepts',
      defineSchedule({
        type: 'fragile',
        options: z.strictObject({ a: z.number() }),
        create: () => {
          throw new RangeError('oh');
        },
      }),
      'oh',
    ],
    [
      'refuses nearly all options',
      defineSchedule({
        type: 'picky',
        options: z.strictObject({ a: z.string().refine((text) => text === 'open sesame') }),
        create: () => () => 1,
      }),
      'give examples',
    ],
    ['is a loss', defineLoss({ type: 'loss', options: z.strictObject({}), create: () => () => tf.scalar(0) }), 'is not a schedule'],
  ])('checkSchedule refuses a schedule that %s', (_, definition, message) => {
    expect(() => checkSchedule(definition)).toThrow(new RegExp(message));
  });
});

test('the report names the law, the smallest counterexample and how to repeat it', () => {
  const off = line(
    ({ from, to }) =>
      (at) =>
        progressOf(at) === 1 ? to + 1 : from,
  );
  expect(() => checkSchedule(off)).toThrow(/the last of 1 updates must have exactly 0, got 1[\s\S]*seed|seed[\s\S]*Counterexample[\s\S]*/);
});
