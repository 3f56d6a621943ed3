import '@tensorflow/tfjs-node';
import { test } from '@fast-check/vitest';
import * as tf from '@tensorflow/tfjs-core';
import type { TemperatureSchedule } from '@temper/core';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { temperatureOf, valuesOf } from '../testing/graph-side.js';
import { confidenceMatched } from './confidence-matched.js';
import { entropyMatched } from './entropy-matched.js';

function softmax(logits: readonly number[], T: number): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((z) => Math.exp((z - largest) / T));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}
const entropy = (p: readonly number[]): number => -p.reduce((sum, q) => (q === 0 ? sum : sum + q * Math.log(q)), 0);

const temperatures = (policy: TemperatureSchedule, student: number[], teacher: number[]): [number, number] =>
  tf.tidy(() => valuesOf(temperatureOf(policy, tf.tensor2d([student]), tf.tensor2d([teacher]))).map(([value]) => value)) as [
    number,
    number,
  ];

const logits = fc.array(
  fc.integer({ min: -6000, max: 6000 }).map((n) => n / 1000),
  { minLength: 4, maxLength: 4 },
);
const share = fc.integer({ min: 5, max: 95 }).map((n) => n / 100);
const inner = (T: number): boolean => T > 0.0501 && T < 999;

test.prop([logits, share])('entropy-matched gives the teacher the target entropy', (teacher, target) => {
  const [ofStudent, T] = temperatures(entropyMatched({ target, student: 3 }), [0, 0, 0, 0], teacher);
  expect(ofStudent).toBe(3);
  if (inner(T)) expect(entropy(softmax(teacher, T)) / Math.log(4)).toBeCloseTo(target, 3);
});

test.prop([logits, share])('confidence-matched gives the teacher the target confidence', (teacher, target) => {
  const [, T] = temperatures(confidenceMatched({ target }), [0, 0, 0, 0], teacher);
  if (inner(T)) expect(Math.max(...softmax(teacher, T))).toBeCloseTo(target, 3);
});

test.prop([logits, logits])('the student is the target when none is given', (student, teacher) => {
  const [, byEntropy] = temperatures(entropyMatched({}), student, teacher);
  if (inner(byEntropy)) expect(entropy(softmax(teacher, byEntropy))).toBeCloseTo(entropy(softmax(student, 1)), 3);
  const [, byConfidence] = temperatures(confidenceMatched({ student: 2 }), student, teacher);
  if (inner(byConfidence)) expect(Math.max(...softmax(teacher, byConfidence))).toBeCloseTo(Math.max(...softmax(student, 2)), 3);
});

describe('equations without a solution', () => {
  test.each([
    ['too soft a target', confidenceMatched({ target: 0.1, max: 50 }), 50, [3, 2, 1, 0]],
    ['too hard a target', confidenceMatched({ target: 1, min: 0.2 }), 0.2, [3, 2, 1, 0]],
    ['equal logits, which no temperature separates', entropyMatched({ target: 0.1, min: 0.2 }), 0.2, [3, 3, 0, 0]],
  ])('the nearer bound is used for %s', (_, policy, T, teacher) => {
    expect(temperatures(policy, [0, 0, 0, 0], teacher)[1] / T).toBeCloseTo(1, 1);
  });
});

test('targets that are not shares and empty ranges are refused', () => {
  expect(() => entropyMatched({ target: 1.5 })).toThrow('target: must be a finite number from 0 to 1 at every step, got 1.5');
  expect(() => confidenceMatched({ min: 5, max: 2 })).toThrow('confidence-matched.min: must be below max (2), got 5');
});

test('a student with a confidence of 1 up to rounding is matched exactly', () => {
  const [, T] = temperatures(confidenceMatched({}), [0, 18, -30, -30], [0, 27, -60, -60]);
  expect(T).toBeCloseTo(1.5, 4);
});

test('a confidence of 1 gives the lowest temperature and a confidence of 0 the highest', () => {
  expect(temperatures(confidenceMatched({ target: 1, min: 0.5 }), [0, 0], [1, 2])[1]).toBeCloseTo(0.5, 5);
  expect(temperatures(confidenceMatched({ target: 0, max: 50 }), [0, 0], [1, 2])[1]).toBeCloseTo(50, 3);
});
