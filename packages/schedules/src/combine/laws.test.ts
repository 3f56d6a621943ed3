import '@tensorflow/tfjs-node';
import type { AnyDefinition, Json } from '@temper/core';
import { checkSchedule } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { schedules } from '../index.js';

const number = fc.integer({ min: 5, max: 200 }).map((n) => n / 10);
const plain: fc.Arbitrary<Json> = fc.oneof(
  number,
  fc.record({ type: fc.constant('linear'), from: number, to: number }, { noNullPrototype: true }),
);
const share = fc.integer({ min: 1, max: 99 }).map((n) => n / 100);
const node = (type: string, parts: Record<string, fc.Arbitrary<Json>>): fc.Arbitrary<Json> =>
  fc.record({ type: fc.constant(type), ...parts }, { noNullPrototype: true });
const adaptive = fc.oneof(
  node('flsw', { base: plain, beta: number, gamma: share }),
  node('cwsm', { base: plain, beta: share }),
  node('dtkd', { base: plain }),
  node('logit-standardization', { base: plain }),
  node('ctkd', { strength: share }),
  node('ctkd-per-sample', { hidden: fc.constant(3) }),
  node('plateau', { from: number, min: fc.constant(0.1), patience: fc.constant(0) }),
  node('target-entropy', { target: share, from: number }),
  node('student-teacher-gap', { from: number, to: number }),
  node('entropy-matched', { target: share }),
  node('confidence-matched', {}),
  node('ats', { target: plain, other: plain, student: plain }),
  node('ats', { target: plain, other: plain, sides: fc.constant('both') }),
  node('asymmetric-per-sample', {
    pairs: fc.constant([
      { target: 4, other: 1 },
      { target: 2, other: 3 },
    ]),
  }),
  node('ctkd-per-class', { strength: share }),
  node('dts', { from: number, min: fc.constant(0.1), max: fc.constant(50), rule: fc.constantFrom('gap', 'code') }),
  node('inverse-difficulty', { base: plain, scale: share }),
  node('largest-logit', { factor: share }),
);
const { any } = fc.letrec<{ any: Json }>((tie) => {
  const of = tie('any');
  const some = fc.array(of, { minLength: 1, maxLength: 3 });
  return {
    any: fc.oneof(
      { maxDepth: 3 },
      adaptive,
      plain,
      node('sequence', { of: some }),
      ...['sum', 'product', 'min', 'max'].map((type) => node(type, { of: some })),
      node('scale', { of, by: number }),
      node('offset', { of, by: number }),
      node('clamp', { of, min: fc.constant(1), max: fc.constant(30) }),
      node('warm-up', { of, from: number, over: fc.constant({ steps: 7 }) }),
      node('jitter', { of, amount: share }),
      node('global', { of }),
      node('sides', { student: of, teacher: of }),
    ),
  };
});

// More cases by TEMPER_COMPOSITIONS: 10,000 in the long form.
const runs = Number(process.env['TEMPER_COMPOSITIONS'] ?? 320) / 8;
const all: readonly AnyDefinition[] = schedules.provides;
test.each(['sequence', 'product', 'clamp', 'warm-up', 'min', 'global', 'sides', 'max'])(
  'random compositions under %s keep the laws',
  { timeout: 3_000_000 },
  (type) => {
    const definition = all.find((one) => one.type === type) as AnyDefinition;
    const configs = fc.sample(any, 100 * runs).filter((config) => (config as { type?: string }).type === type) as { type: string }[];
    const examples = configs.slice(0, 1.5 * runs).map(({ type: _, ...options }) => options);
    expect(examples.length).toBeGreaterThan(20);
    checkSchedule(definition, { examples, ends: false, runs, plugins: all.filter((one) => one !== definition) });
  },
);
