import '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import { arrayDataSet } from './array-data-set.js';
import { classWarnings } from './class-warnings.js';
import { subset } from './subset.js';

const of = (
  labels: readonly number[],
  { classes = 3, labelShape = [] as readonly number[], classNames = undefined as readonly string[] | undefined } = {},
) =>
  arrayDataSet({
    inputs: new Float32Array(labels.length),
    labels,
    labelShape,
    inputShape: labelShape.length === 0 ? [1] : labelShape,
    classes,
    ...(classNames === undefined ? {} : { classNames }),
  });
const all = of([0, 1, 2, 0, 1, 2], { classNames: ['rose', 'aster', 'lily'] });
const pick = (...indices: readonly number[]) => subset(all, Int32Array.from(indices));

test('nothing is said where every part has every class', () => {
  expect(classWarnings({ train: all, validation: all, test: all })).toEqual([]);
});

test('classes that a part lacks are named', () => {
  expect(classWarnings({ train: pick(0, 1), validation: pick(3, 4), test: pick(0, 1, 2) })).toEqual([
    'data.train: the training data have no sample of the class "lily"; the student cannot learn such samples',
    'data.validation: the validation data have no sample of the class "lily"; such samples have no influence on the ' +
      'choice of the best weights',
  ]);
  expect(classWarnings({ train: all, validation: all, test: pick(0) })).toEqual([
    'data.test: the test data have no sample of the classes "aster", "lily"; the test says nothing about such samples',
  ]);
});

test('classes without any sample are named, many of them in short', () => {
  const few = of([0, 1, 0, 1], { classes: 10 });
  expect(classWarnings({ train: few, validation: few, test: few })).toEqual([
    'data: there is no sample of the classes "2", "3", "4", "5", "6", … (8 of 10 classes) in any part',
  ]);
});

test('labels of positions may lack a class in the test, not in training', () => {
  const [whole, part] = [of([0, 1, 2, 1], { labelShape: [2] }), of([0, 1], { labelShape: [2] })];
  expect(classWarnings({ train: whole, validation: part, test: part })).toEqual([]);
  expect(classWarnings({ train: part, validation: whole, test: whole })).toHaveLength(1);
});

test('data sets that do not say their labels are left out', () => {
  const { labels: _, ...silent } = pick(0);
  expect(classWarnings({ train: silent, validation: silent, test: silent })).toEqual([]);
});
