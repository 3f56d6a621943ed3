import '@tensorflow/tfjs-node';
import { describe, expect, test } from 'vitest';
import type { DataSet, DataSplits } from '../contracts/data.js';
import type { Engine } from '../contracts/engine.js';
import { createKit } from '../kit/kit.js';
import { Tokens } from '../kit/tokens.js';
import { expectNoLeakedTensors } from '../testing/index.js';
import { eagerEngine } from './eager-engine.js';
import { basicRun, basics, blobs } from './fixtures.js';

const kit = createKit({ plugins: [basics] });

interface Seen {
  readonly weights: readonly number[];
  /** What the student's steps were handed, without repetitions. */
  readonly handed: readonly string[];
  /** How many samples the training data was asked for at a time, without repetitions. */
  readonly asked: readonly number[];
}

async function train(picksSamples: boolean, config: object = {}, change: Partial<DataSet> = {}): Promise<Seen> {
  const handed = new Set<string>();
  const asked = new Set<number>();
  const engine: Engine = {
    name: 'watched',
    picksSamples,
    prepare(step) {
      const prepared = eagerEngine.prepare(step);
      return { ...prepared, run: (batch, scalars) => (step.name === 'student' && handed.add(Object.keys(batch).join()), prepared.run(batch, scalars)) };
    },
  };
  const splits = blobs();
  const data: DataSplits = { ...splits, train: { ...splits.train, ...change, batch: (indices) => (asked.add(indices.length), splits.train.batch(indices)) } };
  const { student, teacher } = await kit.run({ ...basicRun, ...config }, { data, services: (container) => void container.rebind(Tokens.Engine).toConstantValue(engine) });
  const weights = student.parameters.flatMap((variable) => [...variable.dataSync()]);
  student.dispose();
  teacher?.dispose();
  return { weights, handed: [...handed], asked: [...asked].sort((a, b) => a - b) };
}

describe('batches of a stage', () => {
  test.each([
    ['with kept logits', {}],
    ['with several batches for an update', { accumulate: 2 }],
    ['without a teacher', { teacher: undefined, losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 } }],
  ])('picked inside of the step give the same weights as those handed over: %s', async (_, config) => {
    await expectNoLeakedTensors(async () => {
      const [picked, handedOver] = [await train(true, config), await train(false, config)];
      expect(picked.weights).toEqual(handedOver.weights);
      expect(picked.handed).toEqual(['places,seed']);
      expect(handedOver.handed[0]).toContain('inputs,labels');
      expect([picked.asked, handedOver.asked.includes(16)]).toEqual([[2, 60], true]);
    });
  });

  test.each<[string, object, Partial<DataSet>]>([
    ['samples that vary', {}, { varying: true }],
    ['samples made on demand', {}, { inMemory: false }],
    ['a mixture of teachers', { teacher: { ensemble: [{ ...basicRun.teacher, name: 'one' }, { ...basicRun.teacher, name: 'two' }] } }, {}],
  ])('are handed over for %s', async (_, config, change) => {
    await expectNoLeakedTensors(async () => {
      const { handed, asked, weights } = await train(true, config, change);
      expect(handed[0]).toContain('inputs,labels');
      expect(asked).toContain(16);
      expect(weights.every(Number.isFinite)).toBe(true);
    });
  });
});
