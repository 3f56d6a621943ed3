import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import type { Json } from '@temper/core';
import { expect, test } from 'vitest';
import { graphInputs } from '../testing/graph-side.js';
import { dts } from './dts.js';

const at = (step: number, total = 100) => ({ step, total });
const observe = (policy: ReturnType<typeof dts>, state: Json, student: number, teacher: number, step: number): number =>
  policy.state?.observe(state, { studentCrossEntropy: student, teacherCrossEntropy: teacher }, at(step)) as number;

test('dts is higher with a larger gap, and falls to its minimum as the gap closes', () => {
  const policy = dts({ from: 8, min: 1, momentum: 0 });
  const gaps = [8, 2, 0.5, 0, -1].map((gap) => observe(policy, 8, 1 + gap, 1, 9));
  expect(gaps).toEqual([...gaps].sort((a, b) => b - a));
  expect(gaps.slice(-2)).toEqual([1, 1]);
  expect(gaps[0]).toBeGreaterThan(6);
  expect(observe(policy, 8, 3, 1, 99)).toBe(1);
});

test('dts moves by its momentum, and keeps its temperature where a loss is not finite', () => {
  const policy = dts({ from: 8, min: 1, momentum: 0.9 });
  expect(observe(policy, 8, 1, 1, 0)).toBeCloseTo(0.9 * 8 + 0.1, 10);
  expect(observe(policy, 5, Number.NaN, 1, 0)).toBe(5);
  expect(policy.state?.observe(5, {})).toBe(5);
});

test('dts guards the division by zero of the code, and keeps its range', () => {
  const policy = dts({ from: 4, min: 1, max: 5, momentum: 0, curve: 0, rule: 'code' });
  expect(observe(policy, 4, 2, 1, 0)).toBe(5);
  expect(observe(policy, 4, 1.5, 1, 0)).toBe(4);
  expect(observe(policy, 4, 1e10, 0, 0)).toBeCloseTo(4, 6);
});

test('dts measures both cross-entropies over counted positions', () => {
  tf.tidy(() => {
    const policy = dts({ from: 4 });
    const [student, teacher] = [
      tf.tensor2d([
        [0, 0],
        [5, -5],
      ]),
      tf.tensor2d([
        [50, -50],
        [0, 0],
      ]),
    ]; // prettier-ignore
    const x = graphInputs(policy, student, teacher, { labels: tf.tensor1d([0, 0], 'int32'), mask: tf.tensor1d([1, 0]) });
    const seen = policy.measure?.({ ...x, temperature: tf.scalar(4) });
    expect(seen?.['studentCrossEntropy']?.dataSync()[0]).toBeCloseTo(Math.log(2), 6);
    expect(seen?.['teacherCrossEntropy']?.dataSync()[0]).toBe(0);
  });
});
