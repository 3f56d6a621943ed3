import '@tensorflow/tfjs-node';
import { createKit, defineLoss, defineModel, definePlugin, parsePath, type RunEvent } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { crossEntropy, losses } from '../index.js';
import { blobs, network } from '../testing/small-run.js';

describe('combinations that cannot work', () => {
  const layers = defineModel({
    type: 'layers',
    options: z.strictObject({ width: z.int() }),
    create:
      ({ width }) =>
      ({ name }) =>
        network(name, width),
  });
  const crowd = defineLoss({
    type: 'crowd',
    options: z.strictObject({}),
    create: () => Object.assign(crossEntropy(), { mostSamples: 100 }),
  });
  const withModels = createKit({ plugins: [losses, definePlugin({ name: 'models', provides: [layers, crowd] })] });
  type Config = Parameters<typeof withModels.run>[0];
  const hint = { type: 'fitnets', student: 'hidden', teacher: 'hidden' } as const;
  const hard = { type: 'cross-entropy' } as const;
  const soft = { type: 'kl' } as const;

  async function refusal(config: Config): Promise<unknown> {
    const events: RunEvent[] = [];
    const model = { type: 'layers', width: 4 } as const;
    const common: Config = {
      teacher: { model: { ...model, width: 8 }, train: { epochs: 3 } },
      student: { model },
      batchSize: 20,
      temperature: 2,
    };
    const reporters = [{ name: 'seen', report: (event: RunEvent) => void events.push(event) }];
    const error: unknown = await withModels.run({ ...common, ...config }, { data: blobs(), reporters }).catch((reason: unknown) => reason);
    expect(events).toEqual([]);
    return error;
  }

  test.each<[string, Config, string, string]>([
    [
      'gradients at the logits of a loss on layers alone',
      { losses: { hard, hint }, weighting: { type: 'gradient-norm' } },
      'weighting',
      "asks for the gradient of losses.hint at the student's logits, but this loss does not depend on them",
    ],
    [
      'the same in a later stage',
      {
        losses: { hard, hint },
        stages: [
          { epochs: 1, weighting: { hard: 1, hint: 1 } },
          { epochs: 1, weighting: { type: 'gradient-norm' } },
        ],
      },
      'stages[1].weighting',
      'asks for the gradient of losses.hint',
    ],
    [
      'a batch of one sample for a loss that compares samples',
      { losses: { hint: { ...hint, type: 'rkd' } }, weighting: { hint: 1 }, batchSize: 1 },
      'batchSize',
      'losses.hint compares the samples of a batch and needs at least 2; batches have 1 sample',
    ],
    [
      'a last batch of one sample for a loss that compares samples',
      { losses: { hint: { ...hint, type: 'rkd' } }, weighting: { hint: 1 }, batchSize: 17 },
      'batchSize',
      'of 120 training samples in batches of 17, the last batch has 1 sample\n  Use another batchSize, for instance 16.',
    ],
    [
      'a batch that is too large for a loss that compares samples',
      { losses: { crowd: { type: 'crowd' } }, weighting: { crowd: 1 }, batchSize: 110 },
      'batchSize',
      'losses.crowd compares the samples of a batch with one another, at most 100 in the memory that it may use; batches have 110',
    ],
    [
      'a rule over the layers of a network that does not list them',
      { losses: { hint: { type: 'fitnets', layers: { last: 1 } } }, weighting: { hint: 1 } },
      'losses.hint.layers',
      '{"last":1} chooses layers by a rule, and the layers of the student are not known',
    ],
    [
      'attention over a layer without positions',
      { losses: { hint: { ...hint, type: 'attention-transfer' } }, weighting: { hint: 1 } },
      'losses.hint',
      'compares the positions of a feature map, and a layer of shape [2, 4] has one position for each sample',
    ],
    [
      'a softmax over the positions of a layer without positions',
      { losses: { hint: { ...hint, type: 'channel-wise' } }, weighting: { hint: 1 } },
      'losses.hint',
      'Choose feature maps, or over: "channels".',
    ],
    [
      'a layer that is not there',
      { losses: { hint: { ...hint, student: 'nowhere' } }, weighting: { hint: 1 } },
      'losses.hint',
      'no output of its layer "nowhere"',
    ],
    [
      'a layer that is not there, in a stage with losses of its own',
      { stages: [{ epochs: 1 }, { epochs: 1, losses: { hint: { ...hint, teacher: 'nowhere' } }, weighting: { hint: 1 } }] },
      'stages[1].losses.hint',
      'the teacher gave no output of its layer "nowhere"',
    ],
    [
      'weights per sample for a loss over the batch',
      { losses: { hard, soft: { type: 'dist' } }, weighting: { type: 'teacher-confidence', soft: 0.7 } },
      'weighting',
      'has weights per sample, but loss "soft" has a single value for the batch',
    ],
    [
      'a task that is none of the losses',
      { losses: { hard, soft }, stages: [{ epochs: 1 }, { epochs: 1, optimizer: { type: 'dot', learningRate: 0.1, task: ['hart'] } }] },
      'stages[1].optimizer.task',
      'it names hart, and the losses are hard, soft',
    ],
    [
      'layers of an ensemble',
      {
        teacher: { ensemble: [{ model: { type: 'layers', width: 4 } }, { model: { type: 'layers', width: 5 } }] },
        losses: { hint },
        weighting: { hint: 1 },
      },
      'losses',
      'needs intermediate outputs (hidden), which an ensemble does not have',
    ],
  ])('a combination is refused before a teacher is trained: %s', async (_, config, path, message) => {
    await expectNoLeakedTensors(async () => {
      const error = await refusal(config);
      expect(error).toMatchObject({ path: parsePath(path), fault: 'user' });
      expect(String(error)).toContain(message);
    });
  });

  test('a combination that works is accepted', async () => {
    await expectNoLeakedTensors(async () => {
      const config: Config = { losses: { hard, soft }, weighting: { type: 'gradient-norm' }, temperature: 2 };
      const model = { type: 'layers', width: 4 } as const;
      const { student, teacher } = await withModels.run(
        { ...config, teacher: { model, train: { epochs: 1 } }, student: { model }, epochs: 1 },
        { data: blobs() },
      );
      student.dispose();
      teacher?.dispose();
    });
  });
});
