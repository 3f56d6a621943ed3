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

test('no warning appears when every part has every class', () => {
  expect(classWarnings({ train: all, validation: all, test: all })).toEqual([]);
});

test('a warning names the classes that a part lacks', () => {
  expect(classWarnings({ train: pick(0, 1), validation: pick(3, 4), test: pick(0, 1, 2) })).toEqual([
    'data.train: the training data have no sample of the class "lily"; the student cannot learn such samples',
    'data.validation: the validation data have no sample of the class "lily"; such samples have no influence on the ' +
      'choice of the best weights',
  ]);
  expect(classWarnings({ train: all, validation: all, test: pick(0) })).toEqual([
    'data.test: the test data have no sample of the classes "aster", "lily"; the test says nothing about such samples',
  ]);
});

test('a warning names classes without samples, and shortens a long list', () => {
  const few = of([0, 1, 0, 1], { classes: 10 });
  expect(classWarnings({ train: few, validation: few, test: few })).toEqual([
    'data: there is no sample of the classes "2", "3", "4", "5", "6", … (8 of 10 classes) in any part',
  ]);
});

test('labels of positions may lack a class in the test part, not in training', () => {
  const [whole, part] = [of([0, 1, 2, 1], { labelShape: [2] }), of([0, 1], { labelShape: [2] })];
  expect(classWarnings({ train: whole, validation: part, test: part })).toEqual([]);
  expect(classWarnings({ train: part, validation: whole, test: whole })).toHaveLength(1);
});

test('data sets without known labels are skipped', () => {
  const { labels: _, ...silent } = pick(0);
  expect(classWarnings({ train: silent, validation: silent, test: silent })).toEqual([]);
});
