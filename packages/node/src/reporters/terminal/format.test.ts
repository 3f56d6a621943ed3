import { expect, test } from 'vitest';
import { duration, evaluationFacts, figure, percent, short, startOf } from './format.js';

test.each([
  [0.123456, '0.123'],
  [12.345, '12.3'],
  [999, '999'],
  [12345.6, '12346'],
  [1e-7, '1e-7'],
  [0, '0'],
  [-2.5, '-2.5'],
])('short(%d) is %s', (value, text) => expect(short(value)).toBe(text));

test.each([
  [0, '0.0 s'],
  [9.94, '9.9 s'],
  [59.4, '59 s'],
  [59.6, '1 min 0 s'],
  [125, '2 min 5 s'],
  [3600, '1 h 0 min'],
  [4380, '1 h 13 min'],
])('duration(%d) is %s', (seconds, text) => expect(duration(seconds)).toBe(text));

test('percent prints a share as a percentage', () => expect(percent(0.98765)).toBe('98.8 %'));

test('the first line of a resumed run names its position and network', () => {
  const start = { type: 'run-start', name: 'a', totalSteps: 24, config: {}, metricFacts: {} } as const;
  expect(startOf(start)).toBe('run "a": 24 updates');
  expect(startOf({ ...start, resumedAt: 6, resumedIn: 'student' })).toBe('run "a": 24 updates, continues after 6');
  expect(startOf({ ...start, resumedAt: 18, resumedIn: 'teacher' })).toBe('run "a": 24 updates, continues after update 18 of "teacher"');
});

test('a share is printed in percent, any other metric as a plain number', () => {
  expect(figure(0.25, { better: 'max', unit: 'share' })).toBe('25.0 %');
  expect(figure(0.25, { better: 'min', unit: 'nats' })).toBe('0.25');
  expect(figure(undefined)).toBe('–');
});

test('an evaluation shows the metric by which weights are kept', () => {
  const facts = { accuracy: { better: 'max', unit: 'share' }, nll: { better: 'min', unit: 'nats' } } as const;
  const event = { type: 'evaluation', stage: 'a', epoch: 1, step: 4, split: 'validation', metrics: { accuracy: 0.5, nll: 0.7 } } as const;
  expect(evaluationFacts({ ...event, best: true, by: 'nll' }, facts)).toEqual(['validation nll 0.7 (best)']);
  expect(evaluationFacts({ ...event, best: false }, facts)).toEqual(['validation accuracy 50.0 %']);
});
