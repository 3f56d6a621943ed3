import '@tensorflow/tfjs-node';
import { describe, expect, test } from 'vitest';
import { run } from '../fixtures/fixture-run.js';
import { basicRun } from '../fixtures/basic-run.js';

describe('updates', () => {
  test('updates of accumulated batches equal updates of one large batch', async () => {
    const large = await run({ batchSize: 30, keep: 'last' });
    const parts = await run({
      batchSize: 10,
      accumulate: 3,
      keep: 'last',
      teacher: { ...basicRun.teacher, train: { epochs: 2, batchSize: 30 } },
    });
    expect(parts.result.steps).toBe(large.result.steps);
    expect(Math.max(...large.weights.map((value, i) => Math.abs(value - (parts.weights[i] as number))))).toBeLessThan(1e-5);
  });

  test('an update is at most the clipped gradient times the learning rate', async () => {
    const initial = await run({ optimizer: { type: 'sgd', learningRate: 0 } });
    const { weights, result } = await run({ clipNorm: 1e-3, optimizer: { type: 'sgd', learningRate: 1 }, keep: 'last' });
    const distance = Math.hypot(...weights.map((value, i) => value - (initial.weights[i] as number)));
    expect(distance).toBeGreaterThan(1e-4);
    expect(distance).toBeLessThan(1e-3 * result.steps + 1e-6);
  });

  test('a run with ema evaluates and keeps the averaged weights', async () => {
    const plain = await run({ keep: 'last' });
    const averaged = await run({ keep: 'last', ema: 0.5 });
    expect(averaged.weights).not.toEqual(plain.weights);
    expect(averaged.result.chosen.validation['nll']).not.toBe(plain.result.chosen.validation['nll']);
  });

  test('the average of a short run with a long decay excludes untrained weights', async () => {
    const averaged = await run({ keep: 'last', epochs: 20, ema: 0.9999 });
    expect(averaged.result.test['accuracy']).toBeGreaterThan(0.9);
    const [one, first] = [
      await run({ keep: 'last', epochs: undefined, stages: [{ steps: 1 }] }),
      await run({ keep: 'last', epochs: undefined, stages: [{ steps: 1 }], ema: 0.9999 }),
    ];
    expect(first.weights).toEqual(one.weights);
  });
});
