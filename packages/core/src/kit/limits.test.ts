import { describe, expect, test } from 'vitest';
import { limits } from '../limits.js';
import { createKit } from './kit.js';

const kit = createKit({ plugins: [] });
const messageOf = (config: unknown): string => {
  try {
    kit.parse(config);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
};

/** Stages inside each other, each repeated. */
const repeated = (levels: number, repeat: number): object =>
  Array.from({ length: levels }).reduce<object>((stage) => ({ repeat, stages: [stage] }), { epochs: 1 });

test('a stage name with an escape sequence is refused and printed without it', () => {
  const message = messageOf({ stages: [{ name: 'hot\u001b[2J', epochs: 1 }] });
  expect(message).toBe('stages[0].name: must have no control characters, since it is printed');
});

describe('sizes in a config', () => {
  test.each<[object, string]>([
    [{ epochs: 1e9 }, 'epochs: must be a finite number at most 1000000, got 1000000000'],
    [{ stages: [{ steps: 1e15 }] }, 'stages[0].steps: must be a finite number at most 1000000000, got 1000000000000000'],
    [{ stages: [{ repeat: 1e9, stages: [{ epochs: 1 }] }] }, 'stages[0].repeat: must be a finite number at most 10000, got 1000000000'],
    [{ stages: [repeated(3, 1000)] }, 'stages: must be at most 10,000 stages in all, each repeat counted'],
    [{ stages: [repeated(30, 10_000)] }, 'stages: must be at most 10,000 stages in all'],
    [{ batchSize: 1e9 }, 'batchSize: must be a finite number at most 1000000'],
    [{ accumulate: 1e9 }, 'accumulate: must be a finite number at most 100000'],
    [{ checkpoints: { keep: 1e9 } }, 'checkpoints.keep: must be a finite number at most 10000'],
    [{ evaluateEvery: { steps: 1e12 } }, 'evaluateEvery.steps: must be a finite number at most 1000000000'],
  ])('a size beyond its limit is refused at its path: %j', (config, message) => {
    expect(messageOf(config)).toContain(message);
  });

  test('sizes at their limits are accepted', () => {
    const stages = [{ repeat: limits.stages, stages: [{ steps: limits.steps }] }];
    expect(kit.parse({ stages, batchSize: limits.batchSize }).stages).toHaveLength(1);
  });
});
