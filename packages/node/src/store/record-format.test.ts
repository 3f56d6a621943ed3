import { expect, test } from 'vitest';
import { recordProblem } from './record-format.js';

const steps = {
  type: 'steps',
  stage: 'a',
  epoch: 1,
  step: 4,
  totalSteps: 8,
  stepsPerSecond: 10.5,
  loss: 0.5,
  losses: { hard: 0.5 },
  scalars: { learningRate: 0.1 },
};
const evaluation = { type: 'evaluation', stage: 'a', epoch: 1, step: 4, split: 'validation', metrics: { accuracy: 0.5 }, best: true };

test.each([
  [steps],
  [evaluation],
  [{ ...steps, stepsPerSecond: null, later: 1 }],
  [{ type: 'warning', message: 'x' }],
  [{ step: 3 }],
  [{ type: 'mine', value: [1] }],
])('the record %j is accepted', (record) => {
  expect(recordProblem(JSON.stringify(record))).toBeUndefined();
});

test.each([
  ['', 'is not JSON'],
  ['{"type":', 'is not JSON'],
  ['[]', 'is not a JSON object'],
  ['null', 'is not a JSON object'],
  [JSON.stringify({ ...steps, step: -1 }), 'is no record of type "steps": step: '],
  [JSON.stringify({ ...steps, losses: { hard: 'low' } }), 'is no record of type "steps": losses.hard: '],
  [JSON.stringify({ ...evaluation, split: 'train' }), 'is no record of type "evaluation": split: '],
  [JSON.stringify({ ...evaluation, metrics: undefined }), 'is no record of type "evaluation": metrics: '],
  ['{"type":"warning"}', 'is no record of type "warning": message: '],
  ['{"type":"stop"}', 'is no record of type "stop": '],
])('the line %s is refused as a record', (line, problem) => {
  expect(recordProblem(line)).toContain(problem);
});
