import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import * as tf from '@tensorflow/tfjs-core';
import { createKit, type LossWeighting } from '@temper/core';
import { weightingInputs } from '@temper/testing';
import { describe, expect } from 'vitest';
import { losses } from '../index.js';
import { teacherConfidence } from './teacher-confidence.js';
import { teacherCorrectness } from './teacher-correctness.js';

const kit = createKit({ plugins: [losses] });
const at = { step: 0, total: 10 };
const rows = (...samples: readonly (readonly number[])[]) => samples;

/** Weights of each sample. */
function weigh(
  weighting: LossWeighting,
  teacher: readonly (readonly number[])[],
  labels: readonly number[],
): { soft: number[]; hard: number[] } {
  return tf.tidy(() => {
    const weights =
      weighting.weights?.(
        weightingInputs({ losses: { soft: 1, hard: 1 }, student: teacher, teacher, labels, scalars: weighting.scalars(at, null) }),
      ) ?? {};
    return { soft: Array.from(weights['soft']?.dataSync() ?? []), hard: Array.from(weights['hard']?.dataSync() ?? []) };
  });
}
const closeTo = (got: readonly number[], want: readonly number[]) => want.forEach((value, i) => expect(got[i]).toBeCloseTo(value, 5));

const logits = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 3, maxLength: 3 });
const batch = fc.array(fc.tuple(logits, fc.nat({ max: 2 })), { minLength: 1, maxLength: 5 });
test.prop([batch, fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom('label', 'top', 'entropy', 'correct')])(
  'every sample is split between soft and hard, with weights of at least 0',
  (given, soft, measure) => {
    const weighting = measure === 'correct' ? teacherCorrectness(soft) : teacherConfidence({ soft, measure });
    const weights = weigh(
      weighting,
      given.map(([teacher]) => teacher),
      given.map(([, label]) => label),
    );
    weights.soft.forEach((weight, i) => {
      expect(weight).toBeGreaterThanOrEqual(0);
      expect(weight).toBeLessThanOrEqual(soft + 1e-6);
      expect(weight + (weights.hard[i] as number)).toBeCloseTo(1, 6);
    });
  },
);

describe('teacher-confidence', () => {
  const teacher = rows([Math.log(3), 0], [0, 0], [1e4, -1e4]);
  test('the measure label is the probability of the label', () => {
    const { soft, hard } = weigh(teacherConfidence(0.8), teacher, [1, 0, 0]);
    closeTo(soft, [0.2, 0.4, 0.8]);
    closeTo(hard, [0.8, 0.6, 0.2]);
  });
  test('the measure top is the largest probability, whatever the label', () => {
    closeTo(weigh(teacherConfidence({ soft: 0.8, measure: 'top' }), teacher, [1, 0, 1]).soft, [0.6, 0.4, 0.8]);
  });
  test('the measure entropy is 1 − H/log C', () => {
    const entropy = -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25)) / Math.log(2);
    closeTo(weigh(teacherConfidence({ soft: 1, measure: 'entropy' }), teacher, [0, 0, 0]).soft, [1 - entropy, 0, 1]);
  });
  test('a label that does not count has no probability', () => {
    closeTo(weigh(teacherConfidence(1), rows([1, 2]), [-100]).soft, [0]);
  });
});

describe('teacher-correctness', () => {
  const teacher = rows([2, 1, 0], [0, 1, 2]);
  test('teacher-correctness trusts the teacher where it is right', () => {
    const { soft, hard } = weigh(teacherCorrectness(0.7), teacher, [0, 0]);
    closeTo(soft, [0.7, 0]);
    closeTo(hard, [0.3, 1]);
  });
  test('teacher-correctness can trust a wrong teacher in part', () => {
    closeTo(weigh(teacherCorrectness({ soft: 0.8, wrong: 0.25 }), teacher, [0, 0]).soft, [0.8, 0.2]);
  });
});

test('logits for each token have weights for each token', () => {
  const shapes = tf.tidy(() => {
    const teacher = tf.zeros([2, 3, 4]);
    const x = { ...weightingInputs({ losses: { soft: 1, hard: 1 }, scalars: { soft: 0.5 } }), teacher, labels: tf.zeros([2, 3], 'int32') };
    return [teacherConfidence(0.5), teacherConfidence({ soft: 0.5, measure: 'entropy' }), teacherCorrectness(0.5)].map(
      (weighting) => weighting.weights?.(x)['soft']?.shape,
    );
  });
  expect(shapes).toEqual([
    [2, 3],
    [2, 3],
    [2, 3],
  ]);
});

test.each([
  [{ type: 'teacher-confidence', soft: 1.1 }, 'soft: must be a finite number from 0 to 1'],
  [{ type: 'teacher-confidence', soft: 0.5, measure: 'max' }, 'measure: must be "label" or "top" or "entropy", got "max"'],
  [{ type: 'teacher-correctness', soft: 0.5, wrong: 2 }, 'wrong: must be a finite number at most 1'],
  [{ type: 'teacher-correctness' }, 'soft: is missing'],
])('%o is refused', (config, message) => {
  expect(() => kit.build('weighting', config)).toThrow(message);
});
