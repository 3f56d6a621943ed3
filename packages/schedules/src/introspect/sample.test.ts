import { expect, test } from 'vitest';
import { ctkd, linear, plateau, quantise, sequence } from '../index.js';
import { sample } from './sample.js';

test('sample gives the value of a plain schedule at every update', () => {
  expect(sample(linear({ from: 20, to: 1 }), 5)).toEqual({ value: [20, 15.25, 10.5, 5.75, 1] });
  expect(sample(quantise({ of: linear({ from: 3, to: 1 }), every: { epochs: 1 } }), 9, { stepsPerEpoch: 3 })).toEqual({
    value: [3, 3, 3, 2, 2, 2, 1, 1, 1],
  });
});

test('sample gives the host numbers of an adaptive temperature with gaps when inactive', () => {
  expect(sample(plateau({ from: 8 }), 2)).toEqual({ value: [8, 8] });
  expect(sample(sequence([linear({ from: 2, to: 1 }), ctkd({ strength: 0.5 })]), 4)).toEqual({
    '0.value': [2, 1, Number.NaN, Number.NaN],
    '1.strength': [Number.NaN, Number.NaN, 0.5, 0.5],
  });
});

test.each([0, -1, 1.5, Number.NaN, 1e8, '5'])('sample refuses %s steps', (steps) => {
  expect(() => sample(linear({ from: 20, to: 1 }), steps as number)).toThrow('steps: must be a whole number from 1 to 10000000');
});

test('sample names a missing stepsPerEpoch', () => {
  expect(() => sample(quantise({ of: 4, every: { epochs: 1 } }), 5)).toThrow('the number of updates in an epoch is not known');
});
