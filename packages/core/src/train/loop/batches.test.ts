import '@tensorflow/tfjs-node';
import { describe, expect, test } from 'vitest';
import type { DataSet, DataSplits } from '../../contracts/data.js';
import type { Engine } from '../../contracts/engine.js';
import { createKit } from '../../kit/kit.js';
import { Tokens } from '../../kit/tokens.js';
import { expectNoLeakedTensors } from '@temper/testing';
import { eagerEngine } from '../step/eager-engine.js';
import { basicRun, basics, blobs } from '../fixtures/basic-run.js';

const kit = createKit({ plugins: [basics] });

interface Seen {
  readonly weights: readonly number[];
  /** What the student's steps were handed, without repetitions. */
  readonly handed: readonly string[];
  /** How many samples the training data was asked for at a time, each time. */
  readonly asked: readonly number[];
}

async function train(picksSamples: boolean, config: object = {}, change: Partial<DataSet> = {}): Promise<Seen> {
  const handed = new Set<string>();
  const asked: number[] = [];
  const engine: Engine = {
    name: 'watched',
    picksSamples,
    prepare(step) {
      const prepared = eagerEngine.prepare(step);
      return {
        ...prepared,
        run: (batch, scalars) => (step.name === 'student' && handed.add(Object.keys(batch).join()), prepared.run(batch, scalars)),
      };
    },
  };
  const splits = blobs();
  const data: DataSplits = {
    ...splits,
    train: { ...splits.train, ...change, batch: (indices) => (asked.push(indices.length), splits.train.batch(indices)) },
  };
  const { student, teacher } = await kit.run(
    { ...basicRun, ...config },
    { data, services: (container) => void container.rebind(Tokens.Engine).toConstantValue(engine) },
  );
  const weights = student.parameters.flatMap((variable) => [...variable.dataSync()]);
  student.dispose();
  teacher?.dispose();
  return { weights, handed: [...handed], asked };
}

describe('batches of a stage', () => {
  // How often all samples are asked for: by each network that is trained, and for the teacher's logits; stages share them.
  test.each<[string, number, object]>([
    ['with kept logits', 3, {}],
    ['with several batches for an update', 3, { accumulate: 2 }],
    [
      'over several stages',
      3,
      {
        epochs: undefined,
        stages: [
          { name: 'student', epochs: 1 },
          { name: 'student', steps: 3, temperature: 2 },
        ],
      },
    ],
    ['without a teacher', 1, { teacher: undefined, losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 } }],
  ])('batches gathered inside of the step give the weights of loaded ones: %s', async (_, wholes, config) => {
    await expectNoLeakedTensors(async () => {
      const [picked, handedOver] = [await train(true, config), await train(false, config)];
      expect(picked.weights).toEqual(handedOver.weights);
      expect(picked.handed).toEqual(['places,seed']);
      expect(handedOver.handed[0]).toContain('inputs,labels');
      // Fewer are asked for only to try networks before training, and the first five to find out whether samples vary.
      expect(picked.asked.filter((size) => size > 16).slice(5)).toEqual(Array.from({ length: wholes }, () => 60));
      expect(handedOver.asked).toContain(16);
    });
  });

  test.each<[string, object, Partial<DataSet>]>([
    ['samples that vary', {}, { varying: true }],
    ['samples made on demand', {}, { inMemory: false }],
    [
      'a mixture of teachers',
      {
        teacher: {
          ensemble: [
            { ...basicRun.teacher, name: 'one' },
            { ...basicRun.teacher, name: 'two' },
          ],
        },
      },
      {},
    ],
  ])('batches are loaded outside of the step for %s', async (_, config, change) => {
    await expectNoLeakedTensors(async () => {
      const { handed, asked, weights } = await train(true, config, change);
      expect(handed[0]).toContain('inputs,labels');
      expect(asked).toContain(16);
      expect(weights.every(Number.isFinite)).toBe(true);
    });
  });
});
