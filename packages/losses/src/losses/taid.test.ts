import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import type { LossInputs, Progress, Schedule } from '@temper/core';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kl } from './kl.js';
import { temperaturesOf } from './support/temperature.js';
import { taid } from './taid.js';

const share = fc.constantFrom(0, 0.4, 1);

test('taid keeps the laws of a loss, with the student in its target as a constant', () => {
  checkLoss(taid, {
    options: fc.record({ share }),
    zeroWhenEqual: true,
    shiftInvariant: true,
    holding: ({ share }, x, around) => {
      const soft = (one: LossInputs): tf.Tensor => tf.div(one.student, temperaturesOf(one).student);
      const hot = tf.div(x.teacher as tf.Tensor, temperaturesOf(x).teacher);
      const target = tf.logSoftmax(tf.add(tf.mul(soft(around), 1 - share), tf.mul(hot, share)));
      return tf.sum(tf.mul(tf.exp(target), tf.sub(target, tf.logSoftmax(soft(x)))), -1);
    },
  });
});

test('taid is 0 at share 0 and kl at share 1, and follows its share', () => {
  tf.tidy(() => {
    const x = { student: tf.tensor2d([[0, 1, 5]]), teacher: tf.tensor2d([[1, 2, -3]]), temperature: 2 };
    expect(taid({ share: 0 })(x).dataSync()[0]).toBe(0);
    expect(taid({ share: 1 })(x).dataSync()[0]).toBeCloseTo(kl({ scale: 'none' })(x).dataSync()[0] as number, 6);
    expect([0, 5, 10].map((step) => taid().scalars?.({ step, total: 11 })['share'])).toEqual([0.4, 0.7, 1]);
  });
});

test('taid keeps the laws of a loss with an adaptive share', () => {
  const adaptive = fc.record({ rate: fc.constantFrom(0.0005, 1), momentum: fc.constantFrom(0, 0.9), end: fc.constantFrom(0.5, 1) });
  checkLoss(taid, {
    options: fc.record({ share: fc.constant(1), adaptive, temperature: fc.constantFrom(1, 3) }),
    zeroWhenEqual: true,
    runs: 10,
  });
});

const half: Schedule = ({ step, total }) => (0.5 * step) / (total - 1);
const at = (step: number): Progress => ({ step, total: 101 });

/** Share at update 100 of a schedule from 0 to 0.5, after the loss went from 2 to `last` in 50 updates with this many evaluations. */
function shareAfter(last: number, evaluations: number): number {
  const { state, scalars } = taid({ share: half, adaptive: { rate: 0.05, momentum: 0.5, end: 0.9 } });
  let current = state?.initial ?? null;
  for (let i = 0; i <= evaluations; i++) {
    const done = i / evaluations;
    current = state?.observe(current, { crossEntropy: 2 + (last - 2) * done }, at(Math.round(50 * done))) ?? null;
  }
  return scalars?.(at(50), current)['share'] as number;
}

test('the adaptive share of taid is above its schedule and rises with the fall of the loss', () => {
  expect(shareAfter(2, 50)).toBeGreaterThan(half(at(50)));
  expect(shareAfter(1, 50)).toBeGreaterThan(shareAfter(2, 50));
  expect(shareAfter(1, 1)).toBeLessThanOrEqual(0.9);
});

test('the adaptive share of taid does not depend on how often a steadily falling loss is evaluated', () => {
  for (const evaluations of [1, 2, 5, 10, 25]) expect(shareAfter(0.5, evaluations)).toBeCloseTo(shareAfter(0.5, 50), 12);
});

test('the adaptive share of taid follows its schedule until two evaluations', () => {
  const { state, scalars } = taid({ share: half, adaptive: {} });
  const first = state?.observe(state.initial, { crossEntropy: 2 }, at(9)) ?? null;
  for (const known of [state?.initial ?? null, first]) expect(scalars?.(at(70), known)).toEqual({ share: 0.35 });
  expect(state?.observe(first, { crossEntropy: Infinity }, at(19))).toEqual(first);
});

test('taid measures the cross-entropy with its target at its own temperature', () => {
  tf.tidy(() => {
    const [student, teacher] = [tf.tensor2d([[0, 1, 5]]), tf.tensor2d([[1, 2, -3]])];
    const measured = (options: object, temperature: number): number | undefined => {
      const loss = taid({ share: 1, adaptive: {}, ...options });
      const { crossEntropy } = loss.measure?.({ student, teacher, temperature, scalars: { share: tf.scalar(1) } }) ?? {};
      return crossEntropy?.dataSync()[0];
    };
    const target = tf.mul(-1, tf.sum(tf.mul(tf.softmax(tf.div(teacher, 2)), tf.logSoftmax(tf.div(student, 2)))));
    expect(measured({}, 2)).toBeCloseTo(target.dataSync()[0] as number, 5);
    expect(measured({ temperature: 2 }, 7)).toBeCloseTo(target.dataSync()[0] as number, 5);
  });
});

test('taid with an adaptive share needs the share of the loop', () => {
  tf.tidy(() => {
    const logits = tf.tensor2d([[0, 1]]);
    expect(() => taid({ share: 1, adaptive: {} })({ student: logits, teacher: logits })).toThrow('share changes during training');
  });
});

test('taid refuses a share outside of 0 to 1', () => {
  expect(() => taid({ share: 1.5 })).toThrow('share');
});
