import { expect, test } from 'vitest';
import { reasonToStop, remember, type StopMemory } from './stop-rule.js';

const rule = { metric: 'accuracy', patience: 2, minDelta: 0.05 } as const;

function after(values: readonly number[]): StopMemory {
  let memory: StopMemory | null = null;
  values.forEach((value, index) => {
    memory = remember(rule, memory, { accuracy: value }, { epoch: index + 1, step: 10 * (index + 1) });
  });
  return memory as unknown as StopMemory;
}

test('remember keeps the best value and its epoch when it gains less than minDelta', () => {
  expect(after([0.8, 0.82, 0.81])).toMatchObject({ best: 0.82, epoch: 2, step: 20, stale: 2 });
});

test('remember measures minDelta from the last improvement that reached it', () => {
  expect(after([0.8, 0.83, 0.86])).toMatchObject({ best: 0.86, epoch: 3, stale: 0 });
  expect(after([0.8, 0.84, 0.84])).toMatchObject({ best: 0.84, epoch: 2, stale: 2 });
});

test('remember accepts the state of an older version without a mark', () => {
  const older: StopMemory = { metric: 'accuracy', best: 0.8, epoch: 1, step: 10, stale: 0 };
  expect(remember(rule, older, { accuracy: 0.84 }, { epoch: 2, step: 20 })).toMatchObject({ best: 0.84, epoch: 2, stale: 1 });
});

test('reasonToStop names minDelta', () => {
  expect(reasonToStop(rule, after([0.8, 0.82, 0.81]), { accuracy: 0.81 })).toBe(
    'accuracy has not improved by more than 0.05 for 2 evaluations',
  );
});
