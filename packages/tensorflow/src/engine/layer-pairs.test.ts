import '@tensorflow/tfjs-node';
import { describe, test } from 'vitest';
import { compare, type Run } from '../testing/compare-engines.js';

describe('pairs of layers', () => {
  const deeper = { model: { type: 'mlp', hidden: [7, 5, 6] } } as const;
  test.each([
    [{ type: 'fitnets', layers: { last: 2 }, weights: [{ type: 'linear', from: 0, to: 1 }, 0] }],
    [
      {
        type: 'fitnets',
        layers: [
          ['hidden_1', 'hidden_3'],
          ['hidden_2', 'hidden_2'],
        ],
        weights: [{ type: 'warm-up', of: 1, from: 0, over: { steps: 4 } }, 1],
      },
    ],
    [{ type: 'channel-wise', layers: { every: 1 }, over: 'channels' }],
    [{ type: 'rkd', layers: 'depth', weights: [0, 1, { type: 'linear', from: 0, to: 1 }] }],
    [{ type: 'similarity-preserving', layers: { last: 2 } }],
    [{ type: 'crd', layers: { last: 2 }, dimension: 4, temperature: { type: 'linear', from: 1, to: 0.2 } }],
  ])('the compiled update with %j equals the eager one', async (loss) => {
    const losses = { hard: { type: 'cross-entropy' }, hints: loss };
    await compare({
      losses,
      weighting: { hard: 1, hints: 0.5 },
      student: deeper,
      optimizer: { type: 'sgd', learningRate: 0.05 },
    } as unknown as Run);
  });
});
