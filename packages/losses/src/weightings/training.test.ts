import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { arrayDataSet, createKit, createRandom, type DataSplits, type LogitsFunction, type StepsEvent } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { losses } from '../index.js';

const [classes, features] = [3, 4];

/** Points around one centre for each class. */
function blobs(): DataSplits {
  const part = (name: string, size: number) => {
    const stream = createRandom(7).stream(name);
    const labels = Int32Array.from({ length: size }, (_, i) => i % classes);
    const inputs = Float32Array.from(
      { length: size * features },
      (_, i) => Number(i % features === labels[Math.floor(i / features)]) * 2 + stream.normal(),
    );
    return arrayDataSet({ inputs, labels, inputShape: [features], classes });
  };
  return { train: part('train', 60), validation: part('validation', 30), test: part('test', 30) };
}

function linearNetwork(weights: tf.Variable): LogitsFunction {
  return (inputs) => tf.matMul(inputs, weights);
}

const kit = createKit({ plugins: [losses] });
type Run = Parameters<typeof kit.run>[0];

/** Runs four epochs; gives the student's test metrics and what the updates reported, by epoch. */
async function distil(config: Run): Promise<{ test: Readonly<Record<string, number>>; epochs: readonly StepsEvent[] }> {
  return expectNoLeakedTensors(async () => {
    const events: StepsEvent[] = [];
    const zeros = tf.tidy(() => tf.variable(tf.zeros([features, classes])));
    const identity = tf.tidy(() => tf.variable(tf.slice(tf.eye(features), [0, 0], [features, classes])));
    const result = await kit.run(
      { batchSize: 20, epochs: 4, temperature: 4, optimizer: { type: 'sgd', learningRate: 0.1 }, ...config },
      {
        data: blobs(),
        student: linearNetwork(zeros),
        teacher: linearNetwork(identity),
        reporters: [{ name: 'seen', report: (event) => void (event.type === 'steps' && events.push(event)) }],
      },
    );
    tf.dispose([zeros, identity]);
    return { test: result.test, epochs: [1, 2, 3, 4].map((epoch) => events.findLast((event) => event.epoch === epoch) as StepsEvent) };
  });
}

const weightsIn = ({ scalars }: StepsEvent): number[] =>
  ['soft', 'hard'].map((name) => (scalars[`weight.${name}`] ?? scalars[`weighting.${name}`]) as number);

describe('training', () => {
  const configs: readonly NonNullable<Run['weighting']>[] = [
    { type: 'alpha', soft: 0.7 },
    { type: 'constant', weights: { soft: 1, hard: 1 } },
    { type: 'linear' },
    ...(['half', 'full', 'classification'] as const).map((form) => ({ type: 'uncertainty' as const, form })),
    { type: 'uw-so' },
    { type: 'token-focusing', soft: 0.7, decay: 0 },
    { type: 'uw-so', softmax: false },
    { type: 'dwa' },
    ...(['equal-contribution', 'ratio-to-first', 'relative-to-initial', 'relative-to-initial-softmax'] as const).map((form) => ({
      type: 'loss-ratio' as const,
      form,
    })),
    { type: 'gradient-norm', shares: { soft: 0.7, hard: 0.3 } },
    { type: 'teacher-confidence', soft: 0.9, measure: 'entropy' },
    { type: 'teacher-correctness', soft: 0.9 },
  ];
  test.each(configs)('a student trains with the weighting %o', async (weighting) => {
    const { test, epochs } = await distil({ weighting });
    expect(test['accuracy']).toBeGreaterThan(0.5);
    for (const event of epochs) for (const weight of weightsIn(event)) expect(weight).toBeGreaterThanOrEqual(0);
  });
});

test('learned uncertainty changes the weights', async () => {
  const { epochs } = await distil({ weighting: { type: 'uncertainty', form: 'full', initial: 0 } });
  expect(weightsIn(epochs[3] as StepsEvent)).not.toEqual(weightsIn(epochs[0] as StepsEvent));
});

test('dwa weighs equally for two epochs, then by the decrease of the losses', async () => {
  const { epochs } = await distil({ weighting: { type: 'dwa', temperature: 0.5 } });
  expect(epochs.slice(0, 2).map(weightsIn)).toEqual([
    [1, 1],
    [1, 1],
  ]);
  for (const event of epochs.slice(2)) {
    const [soft, hard] = weightsIn(event) as [number, number];
    expect(soft).not.toBe(1);
    expect(soft + hard).toBeCloseTo(2, 5);
  }
});

test('gradient-norm gives each loss its share of the gradient', async () => {
  const { epochs } = await distil({ weighting: { type: 'gradient-norm', limit: 1000 } });
  const [soft, hard] = weightsIn(epochs[0] as StepsEvent) as [number, number];
  expect(soft + hard).toBeCloseTo(2, 5);
  expect(soft).not.toBeCloseTo(hard, 1);
});

test('dot trains with separate gradients and any weighting', async () => {
  for (const weighting of [{ type: 'alpha', soft: 0.5 }, { type: 'uncertainty' }] as const) {
    const { test } = await distil({ optimizer: { type: 'dot', learningRate: 0.02 }, weighting });
    expect(test['accuracy']).toBeGreaterThan(0.5);
  }
});

test('a weighting by the teacher is refused in a run without a teacher', async () => {
  const student = tf.tidy(() => tf.variable(tf.zeros([features, classes])));
  const run = kit.run(
    {
      batchSize: 20,
      epochs: 1,
      losses: { soft: { type: 'cross-entropy' }, hard: { type: 'cross-entropy' } },
      weighting: { type: 'teacher-correctness', soft: 0.5 },
      temperature: 1,
    },
    { data: blobs(), student: linearNetwork(student) },
  );
  await expect(run).rejects.toThrow('"teacher-correctness" needs a teacher, and the run has none');
  student.dispose();
});
