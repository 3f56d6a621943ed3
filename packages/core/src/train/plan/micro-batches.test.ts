import * as tf from '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { DataSet } from '../../contracts/data.js';
import { arrayDataSet } from '../../data/array-data-set.js';
import { defineLoss, defineTemperature, defineWeighting } from '../../kit/define.js';
import { createKit } from '../../kit/kit.js';
import { expectNoLeakedTensors } from '@temper/testing';
import { basicRun, basics, blobs, recorder } from '../fixtures/basic-run.js';

const spread = defineLoss({
  type: 'spread',
  options: z.object({}),
  create: () => Object.assign(({ student }: { student: tf.Tensor }) => tf.sum(tf.square(student), -1), { acrossSamples: true }),
});
const whole = defineLoss({
  type: 'whole',
  options: z.object({}),
  create:
    () =>
    ({ student }) =>
      tf.mean(tf.square(student)),
});
const mean = defineLoss({
  type: 'mean',
  options: z.object({}),
  create: () => Object.assign(({ student }: { student: tf.Tensor }) => tf.mean(tf.square(student)), { acrossSamples: false }),
});
const ratio = defineWeighting({
  type: 'ratio',
  options: z.object({}),
  create: () => ({ acrossSamples: true, scalars: () => ({}), weights: ({ losses }) => losses }),
});
const coupled = defineTemperature({
  type: 'coupled',
  options: z.object({}),
  create: () => ({ acrossSamples: true, scalars: () => ({}), temperature: ({ student }) => tf.add(1, tf.mean(tf.square(student))) }),
});
const kit = createKit({ plugins: [basics, { name: 'own', provides: [spread, whole, mean, ratio, coupled] }] });

const hard = { teacher: undefined, losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 }, temperature: 1, epochs: 1 };

async function warningsOf(config: object): Promise<readonly string[]> {
  const { student, teacher, warnings } = await kit.run({ ...basicRun, epochs: 1, ...config } as never, { data: blobs() });
  student.dispose();
  teacher?.dispose();
  return warnings;
}

test.each<[string, object, string | undefined]>([
  [
    'a loss that compares samples',
    { ...hard, losses: { own: { type: 'spread' } }, weighting: { own: 1 } },
    'losses.own: this loss compares samples of a batch; with accumulate 2 it gets the 16 samples of one micro-batch',
  ],
  [
    'a loss with one value for the batch',
    { ...hard, losses: { own: { type: 'whole' } }, weighting: { own: 1 } },
    'losses.own: this loss compares samples',
  ],
  ['one that says it is a mean', { ...hard, losses: { own: { type: 'mean' } }, weighting: { own: 1 } }, undefined],
  [
    'weights that look at the batch',
    { ...hard, weighting: { type: 'ratio' } },
    'weighting: these weights depend on the losses of a whole batch',
  ],
  [
    'a temperature that looks at the batch',
    { temperature: { type: 'coupled' } },
    'temperature: this temperature depends on the other samples',
  ],
  ['nothing of the kind', {}, undefined],
])('a run with micro-batches warns of %s', async (_, config, want) => {
  expect(await warningsOf({ ...config, accumulate: 1 })).toEqual([]);
  const found = await warningsOf({ ...config, accumulate: 2 });
  expect(found).toHaveLength(want === undefined ? 0 : 1);
  if (want !== undefined) expect(found[0]).toContain(want);
});

test('a mean over the batch has the same gradient in micro-batches', async () => {
  const weights = async (config: object): Promise<number[]> => {
    const { student } = await kit.run(
      { ...basicRun, ...hard, losses: { own: { type: 'mean' } }, weighting: { own: 1 }, keep: 'last', ...config } as never,
      { data: blobs() },
    );
    const values = student.parameters.flatMap((variable) => [...variable.dataSync()]);
    student.dispose();
    return values;
  };
  const [one, parts] = [await weights({ batchSize: 30 }), await weights({ batchSize: 10, accumulate: 3 })];
  parts.forEach((value, i) => expect(value).toBeCloseTo(one[i] as number, 5));
});

/** The samples of which every fourth counts, or none. */
function padded(counts: (i: number) => boolean): DataSet {
  const stream = Array.from({ length: 48 }, (_, i) => Math.sin(i));
  const labels = Array.from({ length: 12 }, (_, i) => i % 3);
  const all = arrayDataSet({ inputs: Float32Array.from(stream), labels: Int32Array.from(labels), inputShape: [4], classes: 3 });
  return {
    ...all,
    batch(indices) {
      const { inputs, labels: own } = all.batch(indices) as { inputs: tf.Tensor; labels: tf.Tensor };
      own.dispose();
      return {
        inputs,
        labels: tf.tensor1d(
          [...indices].map((i) => (counts(i) ? (labels[i] as number) : -100)),
          'int32',
        ),
      };
    },
  };
}

test.each([
  ['one batch', 1],
  ['in parts', 2],
])('an update without counted samples changes nothing and is reported once: %s', async (_, accumulate) => {
  await expectNoLeakedTensors(async () => {
    const seen = recorder();
    const { train: _train, ...rest } = blobs();
    const data = { ...rest, train: padded(() => false) };
    const network = tf.tidy(() =>
      tf.variable(
        tf.tensor2d(
          Array.from({ length: 12 }, (_v, i) => i / 10),
          [4, 3],
        ),
      ),
    );
    const before = [...network.dataSync()];
    const optimizer = { type: 'sgd', learningRate: 0.1, weightDecay: 0.5 };
    const result = await kit.run(
      { ...basicRun, ...hard, keep: 'last', batchSize: 3, accumulate, optimizer, student: undefined, ema: 0.9 } as never,
      {
        data,
        student: (x) => tf.matMul(x as tf.Tensor2D, network as tf.Tensor2D),
        reporters: [seen],
      },
    );
    expect([...network.dataSync()]).toEqual(before);
    expect(result.warnings).toEqual([
      'in stage "student" some updates have no counted position (all have mask 0 or label −100): they change nothing',
    ]);
    expect(seen.of('steps')).toEqual([]);
    network.dispose();
  });
});

test('labels of −100 have the effect of missing samples', async () => {
  const weights = async (train: DataSet, config: object): Promise<number[]> => {
    const { train: _, ...rest } = blobs();
    const { student } = await kit.run({ ...basicRun, ...hard, keep: 'last', ...config } as never, { data: { ...rest, train } });
    const values = student.parameters.flatMap((variable) => [...variable.dataSync()]);
    student.dispose();
    return values;
  };
  const counts = (i: number): boolean => i % 4 === 1;
  const all = padded(() => true);
  const kept = [1, 5, 9];
  const some: DataSet = { ...all, size: 3, batch: (indices) => all.batch(Int32Array.from(indices, (i) => kept[i] as number)) };
  const want = await weights(some, { batchSize: 3 });
  for (const config of [{ batchSize: 12 }, { batchSize: 5, accumulate: 3 }, { batchSize: 1, accumulate: 12 }]) {
    (await weights(padded(counts), config)).forEach((value, i) => expect(value).toBeCloseTo(want[i] as number, 5));
  }
});
