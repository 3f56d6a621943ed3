import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss, expectNoLeakedTensors } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dkd } from './dkd.js';
import { fitnets } from './fitnets.js';
import { kl } from './kl.js';
import { logitStandardization } from './logit-standardization.js';
import { mse } from './mse.js';

test.each([
  ['kl by default', {}],
  ['mse', { of: mse() }],
  ['dkd', { of: dkd() }],
] as const)('logit-standardization keeps the laws of a loss over %s', (_, options) => {
  checkLoss(logitStandardization, { options: fc.constant(options), zeroWhenEqual: true, shiftInvariant: true, runs: 10 });
});

test('logit-standardization does not depend on the size of the logits', () => {
  tf.tidy(() => {
    const student = tf.tensor2d([[0, 1, 5]]);
    const teacher = tf.tensor2d([[1, 2, -3]]);
    const [once, tenfold] = [student, tf.mul(student, 10)].map(
      (logits) => logitStandardization()({ student: logits, teacher, temperature: 2 }).dataSync()[0] as number,
    );
    expect(tenfold).toBeCloseTo(once as number, 4);
  });
});

test('logit-standardization is finite for constant rows', async () => {
  await expectNoLeakedTensors(() =>
    tf.tidy(() => {
      const [flat, other] = [tf.tensor2d([[3, 3, 3]]), tf.tensor2d([[1, 2, -3]])];
      for (const [student, teacher] of [
        [flat, other],
        [other, flat],
        [flat, flat],
      ] as const) {
        const { value, grad } = tf.valueAndGrad((z) => logitStandardization()({ student: z, teacher, temperature: 2 }))(student);
        expect([...value.dataSync(), ...grad.dataSync()].every(Number.isFinite)).toBe(true);
      }
    }),
  );
});

test('logit-standardization has the needs and properties of its inner loss', () => {
  const inner = dkd({ warmup: ({ step }) => step });
  const outer = logitStandardization({ of: inner });
  expect(outer.needs).toEqual(inner.needs);
  expect(outer.scalars?.({ step: 3, total: 10 })).toEqual({ warmup: 3 });
  expect(logitStandardization({ of: fitnets({ student: 'a', teacher: 'b' }) }).taps).toEqual({ student: ['a'], teacher: ['b'] });
});

test('logit-standardization reports a missing teacher', () => {
  tf.tidy(() => {
    expect(() => logitStandardization({ of: kl() })({ student: tf.tensor2d([[3, 3, 3]]) })).toThrow('needs the logits of a teacher');
  });
});
