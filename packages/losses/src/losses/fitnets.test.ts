import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { createRandom, type LossInputs } from '@temper/core';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitnets } from './fitnets.js';

const names = { student: 'block2', teacher: 'block4' };
const shapes = (student: readonly number[], teacher: readonly number[]) => ({ student: { block2: student }, teacher: { block4: teacher } });

describe('laws', () => {
  test.each([
    ['layers of one width', [3], [3]],
    ['feature maps of one size', [2, 2, 3], [2, 2, 3]],
  ])('fitnets keeps the laws of a loss for %s', (_, student, teacher) => {
    checkLoss(fitnets, { options: fc.constant(names), taps: shapes(student, teacher), zeroWhenEqual: true, runs: 10 });
  });
  test.each([
    ['a wider teacher, through a learned map', [3], [5]],
    ['a wider student', [4], [2]],
    ['feature maps of different width and size', [2, 4, 3], [2, 2, 2]],
    ['a larger map of the teacher', [1, 1, 2], [2, 3, 2]],
  ])('fitnets keeps the laws of a loss with %s', (_, student, teacher) => {
    checkLoss(fitnets, { options: fc.constant(names), taps: shapes(student, teacher), runs: 10 });
  });
});

const inputs = (student: tf.Tensor, teacher: tf.Tensor, logits = tf.zeros([2, 3])): LossInputs => ({
  student: logits,
  taps: { student: { block2: student }, teacher: { block4: teacher } },
});
const ofShape = (shape: number[]): tf.Tensor =>
  tf.reshape(
    tf.range(
      0,
      shape.reduce((a, b) => a * b),
    ),
    shape,
  );

test('fitnets requests its taps, and a learned map only when widths differ', () => {
  const loss = fitnets(names);
  expect(loss.taps).toEqual({ student: ['block2'], teacher: ['block4'] });
  const context = { classes: 3, losses: ['hint'], random: createRandom(1) };
  expect(loss.variables?.({ ...context, tapShapes: shapes([3], [3]) })).toEqual({});
  tf.tidy(() => {
    const made = [1, 1, 2].map((seed) => loss.variables?.({ ...context, random: createRandom(seed), tapShapes: shapes([3], [5]) }) ?? {});
    expect(Object.entries(made[0] ?? {}).map(([name, { shape }]) => [name, shape])).toEqual([
      ['projection', [3, 5]],
      ['bias', [5]],
    ]);
    const [first, again, other] = made.map((variables) => Array.from((variables['projection'] as tf.Variable).dataSync()));
    expect(again, 'a function of the seed').toEqual(first);
    expect(other).not.toEqual(first);
    tf.dispose(made);
  });
});

test('fitnets gives one value per position for tokens', () => {
  tf.tidy(() => {
    const x = inputs(ofShape([2, 4, 3]), tf.add(ofShape([2, 4, 3]), 2), tf.zeros([2, 4, 7]));
    expect(fitnets(names)(x).arraySync()).toEqual([
      [4, 4, 4, 4],
      [4, 4, 4, 4],
    ]);
  });
});

test('fitnets names missing outputs and shapes that do not fit', () => {
  tf.tidy(() => {
    const loss = fitnets(names);
    expect(() => loss({ student: tf.zeros([2, 3]) })).toThrow('the student gave no output of its layer "block2"');
    expect(() =>
      loss({ student: tf.zeros([2, 3]), taps: { student: { block2: tf.zeros([2, 4]) }, teacher: { block3: tf.zeros([2, 4]) } } }),
    ).toThrow('the teacher gave no output of its layer "block4"; it gave block3');
    expect(() => loss(inputs(tf.zeros([3, 4]), tf.zeros([2, 4])))).toThrow(
      'gives [3, 4], which does not begin with the samples of the logits, [2]',
    );
    expect(() => loss(inputs(tf.zeros([2, 3, 3, 4]), tf.zeros([2, 2, 2, 4])))).toThrow(
      'height and width must be equal, or whole multiples',
    );
    expect(() => loss(inputs(tf.zeros([2, 4]), tf.zeros([2, 5])))).toThrow("the student's layer has the width 4, the teacher's 5");
  });
});
