import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { createRandom, type LayerOutput, type Loss, type Schedule } from '@temper/core';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitnets } from '../fitnets.js';
import { logitStandardization } from '../logit-standardization.js';

const pairs = [
  ['s1', 't1'],
  ['s2', 't2'],
] as const;
const shapes = { student: { s1: [3], s2: [2] }, teacher: { t1: [3], t2: [4] } };
const rising: Schedule = ({ step, total }) => step / total;
const outputs = (prefix: string, ...sizes: number[][]): LayerOutput[] =>
  sizes.map((shape, i) => ({ name: `${prefix}${i + 1}`, shape, endsBlock: true }));

test('several pairs with projections and weights keep the laws of a loss', () => {
  checkLoss(fitnets, { options: fc.constant({ layers: pairs, weights: [rising, 0.5] }), taps: shapes, runs: 8 });
});

describe('a sum of pairs', () => {
  const taps = (s1: number, s2: number) => ({
    student: { s1: tf.fill([2, 3], s1), s2: tf.fill([2, 4], s2) },
    teacher: { t1: tf.zeros([2, 3]), t2: tf.zeros([2, 4]) },
  });
  const values = (loss: Loss, scalars = {}): number[] =>
    tf.tidy(() => Array.from(loss({ student: tf.zeros([2, 5]), taps: taps(1, 2), scalars }).dataSync()));

  test('each pair has the weight of its own schedule', () => {
    expect(values(fitnets({ layers: pairs }))).toEqual([5, 5]);
    const weighed = fitnets({ layers: pairs, weights: [rising, 0.5] });
    const numbers = weighed.scalars?.({ step: 3, total: 12 });
    expect(numbers).toEqual({ weight_1: 0.25, weight_2: 0.5 });
    const scalars = { weight_1: tf.scalar(0.25), weight_2: tf.scalar(0.5) };
    expect(values(weighed, scalars)).toEqual([2.25, 2.25]);
    tf.dispose(scalars);
    expect(() => values(weighed)).toThrow('weight_1 changes during training');
  });

  test('a pair of weight 0 has no gradient', () => {
    tf.tidy(() => {
      const loss = fitnets({ layers: pairs, weights: [0, 1] });
      const { student, teacher } = taps(1, 2);
      const gradient = tf.grad((s1: tf.Tensor) => loss({ student: tf.zeros([2, 5]), taps: { student: { ...student, s1 }, teacher } }))(
        student.s1,
      );
      expect(Array.from(gradient.dataSync())).toEqual([0, 0, 0, 0, 0, 0]);
    });
  });

  test('each pair has its own projection, from its own random numbers', () => {
    tf.tidy(() => {
      const loss = fitnets({
        layers: [
          ['s1', 't1'],
          ['s2', 't1'],
        ],
      });
      const context = { classes: 3, losses: ['hint'], random: createRandom(1) };
      const made = loss.variables?.({ ...context, tapShapes: { student: { s1: [2], s2: [2] }, teacher: { t1: [3] } } }) ?? {};
      expect(Object.keys(made)).toEqual(['projection', 'bias', 'projection_2', 'bias_2']);
      expect(made['projection']?.dataSync()).not.toEqual(made['projection_2']?.dataSync());
      tf.dispose(made);
    });
    expect(fitnets({ layers: pairs }).pairs?.map(({ variables }) => variables)).toEqual([
      ['projection', 'bias'],
      ['projection_2', 'bias_2'],
    ]);
  });
});

describe('for two networks', () => {
  const networks = { student: outputs('s', [8, 8, 4], [4, 4, 4], [6]), teacher: outputs('t', [8, 8, 4], [3, 3, 9], [5]) };
  const of = (options: Parameters<typeof fitnets>[0]) => fitnets(options).forNetworks?.(networks) as Loss;

  test('a rule chooses the layers', () => {
    expect(of({ layers: { last: 1 } }).taps).toEqual({ student: ['s3'], teacher: ['t3'] });
    expect(fitnets({ layers: { last: 1 } }).taps).toBeUndefined();
    expect(() => fitnets({ layers: 'depth' })({ student: tf.zeros([1, 2]) })).toThrow('chooses its layers by a rule');
    const wrapped = logitStandardization({ of: fitnets({ layers: { last: 1 } }) });
    expect(wrapped.forNetworks?.(networks).taps).toEqual({ student: ['s3'], teacher: ['t3'] });
  });

  test.each<[string, Parameters<typeof fitnets>[0], string]>([
    ['a layer of the student', { layers: [['s4', 't1']] }, 'layers[0][0]: unknown layer of the student "s4"; did you mean "s1"?'],
    ['a layer of the teacher', { student: 's1', teacher: 'u1' }, 'teacher: unknown layer of the teacher "u1"; did you mean "t1"?'],
    [
      'a size that does not fit',
      { layers: [pairs[0], ['s1', 't2']] },
      'layers[1]: the student\'s layer "s1" gives [8, 8, 4] for a sample, the teacher\'s "t2" [3, 3, 9]; height and width must be equal, ' +
        'or whole multiples\n  Layers of the teacher that fit "s1": t1.',
    ],
    ['another rank', { layers: [['s3', 't1']] }, 'Layers of the teacher that fit "s3": t3.'],
    ['a weight too many', { layers: { last: 1 }, weights: [1, 1] }, 'weights: must have one entry for each pair of layers, 1, got 2'],
  ])('%s is refused', (_, options, message) => {
    expect(() => of(options)).toThrow(message);
  });
});

test.each<[string, Parameters<typeof fitnets>[0], string]>([
  ['no layers', {}, 'layers: is missing; it must be pairs of layers (student first) or a rule'],
  ['half a pair', { student: 'a' }, 'teacher: is missing; `student` names one layer of a pair'],
  ['a pair and a map', { student: 'a', teacher: 'b', layers: 'depth' }, 'layers: not allowed together with `student` and `teacher`'],
  ['a pair twice', { layers: [pairs[0], pairs[1], pairs[0]] }, 'layers[2]: names the same layers as layers[0]'],
  ['no pairs', { layers: [] }, 'layers: must have at least 1 entries, got 0'],
  ['a rule of another name', { layers: 'middle' as never }, 'layers: must be pairs of layers (student first) or a rule'],
  ['a weight too few', { layers: pairs, weights: [1] }, 'weights: must have one entry for each pair of layers, 2, got 1'],
  ['a negative weight', { layers: pairs, weights: [1, -1] }, 'weights[1]: must be a finite number at least 0'],
])('%s is refused when the loss is created', (_, options, message) => {
  expect(() => fitnets(options)).toThrow(message);
});
