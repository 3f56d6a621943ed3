import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adaptiveKl } from './adaptive-kl.js';
import { kl } from './kl.js';

const rule = fc.constantFrom('below-threshold', 'up-to-threshold');

/** The weight of the forward direction, from three values of the loss and of its parts. */
function weightOf(student: number[], teacher: number[], options: Parameters<typeof adaptiveKl>[0]): number {
  return tf.tidy(() => {
    const x = { student: tf.tensor2d([student]), teacher: tf.tensor2d([teacher]), temperature: 1 };
    const [own, forward, reverse] = [adaptiveKl(options), kl({ scale: 'none' }), kl({ scale: 'none', direction: 'reverse' })].map(
      (loss) => loss(x).dataSync()[0] as number,
    ) as [number, number, number];
    return (own - reverse) / (forward - reverse);
  });
}

test('adaptive-kl keeps the laws of a loss where one part holds all classes', () => {
  checkLoss(adaptiveKl, {
    options: fc.record({ threshold: fc.constant(1), rule: fc.constant('up-to-threshold') }),
    zeroWhenEqual: true,
    shiftInvariant: true,
    runs: 10,
  });
});

test('adaptive-kl stays finite, and keeps zero for equal sides', () => {
  fc.assert(
    fc.property(
      rule,
      fc.constantFrom(0, 0.3, 0.5, 1),
      fc.array(fc.constantFrom(-1e4, -1, 0, 2, 1e4), { minLength: 6, maxLength: 6 }),
      (rule, threshold, numbers) => {
        tf.tidy(() => {
          const [student, teacher] = [tf.tensor2d(numbers.slice(0, 3), [1, 3]), tf.tensor2d(numbers.slice(3), [1, 3])];
          const loss = adaptiveKl({ rule, threshold });
          for (const temperature of [0.05, 1, 1000]) {
            const gradient = tf.grad((z) => loss({ student: z, teacher, temperature }))(student);
            expect([...loss({ student, teacher, temperature }).dataSync(), ...gradient.dataSync()].every(Number.isFinite)).toBe(true);
            expect(loss({ student: teacher, teacher, temperature }).dataSync()[0]).toBe(0);
          }
        });
      },
    ),
    { numRuns: 20 },
  );
});

test('adaptive-kl weighs the forward direction by the share of the head in the gap', () => {
  const softmax = (z: number[]): number[] => {
    const weights = z.map(Math.exp);
    const sum = weights.reduce((a, b) => a + b);
    return weights.map((one) => one / sum);
  };
  const [student, teacher] = [
    [1, 0.5, -1],
    [0.25, 1.5, 0.5],
  ]; // prettier-ignore
  const [p, q] = [softmax(teacher), softmax(student)];
  const gap = p.map((one, c) => Math.abs(one - (q[c] as number)));
  const share = (head: number[]): number => head.reduce((sum, c) => sum + (gap[c] as number), 0) / gap.reduce((a, b) => a + b);
  // The teacher's likeliest classes: 0.60, then 0.22.
  expect(weightOf(student, teacher, { threshold: 0.5 })).toBeCloseTo(share([1]), 4);
  expect(weightOf(student, teacher, { threshold: 0.85 })).toBeCloseTo(share([1, 2]), 4);
  expect(weightOf(student, teacher, { threshold: 0.5, rule: 'up-to-threshold' })).toBeCloseTo(share([1]), 4);
  expect(weightOf(student, teacher, { threshold: 0.7, rule: 'up-to-threshold' })).toBeCloseTo(share([1, 2]), 4);
});
