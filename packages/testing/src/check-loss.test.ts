import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Loss, LossInputs } from '@temper/core';
import { checkLoss, type LossCheckOptions } from './check-loss.js';

type Formula = (x: Required<Pick<LossInputs, 'student' | 'teacher'>> & LossInputs) => tf.Tensor;
const inTidy =
  (formula: Formula): Loss =>
  (x) =>
    tf.tidy(() => formula(x as Parameters<Formula>[0]));
const constant = (x: tf.Tensor): tf.Tensor => tf.customGrad(() => ({ value: tf.clone(x), gradFunc: () => [] }))();
const difference: Formula = ({ student, teacher }) => tf.sub(student, constant(teacher));
const squared: Formula = (x) => tf.mean(tf.square(difference(x)), -1);

/** Σ z², with half of its gradient. */
const halfGradient = tf.customGrad((...given) => {
  const [z, save] = given as [tf.Tensor, (saved: tf.Tensor[]) => void];
  save([z]);
  return {
    value: tf.sum(tf.square(z), -1),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(saved[0] as tf.Tensor, tf.expandDims(dy, -1)),
  };
});

/** The report on the law that was broken. */
function broken(loss: Loss, check: LossCheckOptions<object> = {}): string {
  try {
    checkLoss(() => loss, { runs: 10, ...check });
  } catch (error) {
    expect((error as Error).message).toContain('Counterexample');
    return (error as Error).message;
  }
  return 'nothing';
}

test('checkLoss accepts a loss that keeps every law that it claims', () => {
  expect(broken(inTidy(squared), { zeroWhenEqual: true })).toBe('nothing');
});

test('checkLoss accepts a loss over the batch with a schedule and a learned variable', () => {
  const loss = Object.assign(
    inTidy(({ mask, scalars, variables, ...x }) => {
      const values = tf.mul(squared(x), tf.mul(scalars?.['growth'] as tf.Scalar, tf.square(variables?.['scale'] as tf.Tensor)));
      return mask === undefined ? tf.mean(values) : tf.div(tf.sum(tf.mul(values, mask)), tf.sum(mask));
    }),
    { scalars: () => ({ growth: 0.5 }), variables: () => ({ scale: tf.tidy(() => tf.variable(tf.scalar(2))) }) },
  );
  expect(broken(loss)).toBe('nothing');
});

test('checkLoss skips ties, where there is no derivative', () => {
  const sharpest = inTidy(({ student }) => tf.max(student, -1));
  const spread = inTidy(({ student }) => {
    const first = tf.slice(
      student,
      student.shape.map(() => 0),
      [...student.shape.slice(0, -1), 1],
    );
    return tf.mean(tf.relu(tf.add(tf.sub(student, first), 0.5)), -1);
  });
  for (const loss of [sharpest, spread]) expect(broken(loss, { runs: 100 })).toBe('nothing');
});

describe('broken laws', () => {
  test.each<[string, Loss, LossCheckOptions<object>, string]>([
    ['values of a wrong shape', inTidy((x) => tf.square(difference(x))), {}, 'must give one value for each of'],
    ['a wrong gradient', inTidy((x) => halfGradient(difference(x))), {}, 'the gradient for student[0] must be the finite difference'],
    [
      'a gradient for the teacher',
      inTidy(({ student, teacher }) => tf.mean(tf.square(tf.sub(student, teacher)), -1)),
      {},
      'teacher is a constant, and its gradient must be 0',
    ],
    ['infinity for large logits', inTidy(({ student }) => tf.log(tf.sum(tf.exp(student), -1))), {}, 'values must be finite'],
    ['a gradient that is NaN at 0', inTidy((x) => tf.sqrt(tf.sum(tf.square(tf.relu(difference(x))), -1))), {}, 'must be finite'],
    ['a mask that is ignored', inTidy((x) => tf.mean(squared(x))), {}, 'masked'],
    [
      'a value that depends on the order of samples',
      inTidy((x) => tf.mul(squared(x), tf.range(1, x.student.shape[0] + 1))),
      {},
      'values must be the same in another order of samples',
    ],
    ['logits that need one position for each sample', inTidy((x) => tf.sum(squared(x), -1)), {}, 'values must be the same'],
    [
      'a temperature that must be a scalar',
      inTidy(({ temperature, ...x }) => tf.mul(squared(x), tf.reshape(temperature as tf.Tensor, []))),
      {},
      '',
    ],
    [
      'a tensor left behind',
      (x) =>
        tf.mean(
          tf.square(
            tf.sub(
              x.student,
              tf.tidy(() => constant(x.teacher as tf.Tensor)),
            ),
          ),
          -1,
        ),
      {},
      'left behind',
    ],
    [
      'a claim to be 0',
      inTidy(({ student }) => tf.mean(tf.square(student), -1)),
      { zeroWhenEqual: true },
      'values must be the same as 0 where student and teacher are equal',
    ],
    [
      'a claim not to change with a constant',
      inTidy(squared),
      { shiftInvariant: true },
      "values must be the same with a constant added to the student's logits",
    ],
    [
      'an error of its own',
      () => {
        throw new Error('no logits today');
      },
      {},
      'no logits today',
    ],
  ])('checkLoss names the broken law: %s', (_, loss, check, law) => {
    const message = broken(loss, check);
    expect(message).not.toBe('nothing');
    expect(message).toContain(law);
  });

  test('checkLoss checks the gradient for a tap', () => {
    const taps = { student: { a: [2] }, teacher: { b: [2] } };
    const loss: Loss = inTidy(({ taps: given }) => {
      const { a } = given?.student as { a: tf.Tensor };
      return tf.customGrad((z) => ({ value: tf.sum(z as tf.Tensor, -1), gradFunc: () => tf.zerosLike(a) }))(a);
    });
    expect(broken(loss, { taps })).toContain('the gradient for taps.student.a[0] must be the finite difference');
  });
});

test('checkLoss accepts constants of a loss that `holding` names', () => {
  const weighted = (x: LossInputs, around: LossInputs): tf.Tensor =>
    tf.mul(constant(squared(around as Parameters<Formula>[0])), squared(x as Parameters<Formula>[0]));
  const loss = inTidy((x) => weighted(x, x));
  expect(broken(loss)).toContain('must be the finite difference');
  expect(broken(loss, { holding: (_, x, around) => weighted(x, around) })).toBe('nothing');
});

test('checkLoss draws options from an arbitrary and reports them with a counterexample', () => {
  const make = ({ power }: { power: number }): Loss => inTidy((x) => (power === 3 ? squared(x) : tf.sum(difference(x), -1)));
  expect(() => {
    checkLoss(make, { options: fc.record({ power: fc.constantFrom(3, 4) }), zeroWhenEqual: true });
  }).toThrow('"power":4');
});

test('checkLoss tries no batch that is smaller than the loss allows', () => {
  const ofSeveral = inTidy(({ student, teacher }) => {
    if (student.size === student.shape[student.rank - 1]) throw new Error('one sample');
    return tf.mean(tf.square(tf.sub(student, constant(teacher))), -1);
  });
  expect(broken(ofSeveral, { fewestSamples: 2 })).toBe('nothing');
  expect(broken(ofSeveral)).toContain('one sample');
});
