import { expect, test } from 'vitest';
import type { Json } from '../../json.js';
import { stagesOf, type StagePlan } from '../../kit/stage-plan.js';
import { unreachable } from './check-reach.js';

const found = (temperature: Json): string[] => {
  const [plan] = stagesOf({ batchSize: 1, accumulate: 1, keep: 'last', evaluateEvery: { epochs: 1 }, epochs: 5, temperature }, true);
  return unreachable(plan as StagePlan, { epochs: 5, perEpoch: 7, steps: 35, before: 0, total: 35 });
};

test.each<[string, Json]>([
  ['every', { type: 'step', from: 8, factor: 0.5, every: { epochs: 30 } }],
  ['cycle', { type: 'cyclic', from: 8, to: 2, cycle: { steps: 210 } }],
  ['every', { type: 'quantise', every: { epochs: 30 }, of: { type: 'linear', from: 8, to: 1 } }],
])('a period (%s) that is longer than its stage is reported', (option, temperature) => {
  expect(found(temperature)).toEqual([
    expect.stringMatching(
      new RegExp(`^temperature\\.${option}: is 210 updates long, but the stage has 35: the first period never ends in stage`),
    ),
  ]);
});

test('a period that fits into its stage is not reported', () => {
  expect(found({ type: 'step', from: 8, factor: 0.5, every: { epochs: 4 } })).toEqual([]);
});
