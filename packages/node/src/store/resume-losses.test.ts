import '@tensorflow/tfjs-node';
import { expectNoLeakedTensors } from '@temper/testing';
import { expect, test } from 'vitest';
import { blobs } from '../../../../fixtures/blobs.js';
import { wholeAndResumed } from '../testing/resumed-run.js';

/** Losses on layers, whose learned maps between widths are saved, and losses with a state. */
const hints = [
  { type: 'fitnets', layers: { last: 2 }, weights: [{ type: 'linear', from: 0, to: 1 }, 0.5] },
  { type: 'channel-wise', layers: [['hidden_1', 'hidden_2']], over: 'channels', temperature: { type: 'linear', from: 4, to: 1 } },
  { type: 'correlation-congruence' },
  { type: 'crd', dimension: 4, layers: { last: 2 }, temperature: { type: 'linear', from: 0.5, to: 0.1 } },
  { type: 'rkd', layers: 'depth', weights: [0, { type: 'linear', from: 0, to: 1 }] },
  { type: 'taid', share: { type: 'linear', from: 0, to: 0.5 }, adaptive: { rate: 0.3, momentum: 0.5 } },
  { type: 'kl', temperature: { type: 'student-teacher-gap', from: 8, to: 1 } },
];

test.each(hints.map((hint) => [JSON.stringify(hint), hint] as const))(
  'a run that is stopped and resumed ends with the same bits with %s',
  async (_, hint) => {
    await expectNoLeakedTensors(async () => {
      const config = {
        teacher: { model: { type: 'mlp', hidden: [6, 5] }, train: { epochs: 1 } },
        student: { model: { type: 'mlp', hidden: [4, 3] } },
        losses: { hard: { type: 'cross-entropy' }, hint },
        weighting: { hard: 1, hint: 1 },
        optimizer: { type: 'adam', learningRate: 0.01 },
        batchSize: 12,
      };
      const { whole, resumed } = await wholeAndResumed(config, blobs);
      // The maps between the widths are no part of the student: two kernels and biases of its own, and those of the logits.
      expect(whole).toHaveLength(6);
      expect(resumed).toEqual(whole);
    });
  },
);
