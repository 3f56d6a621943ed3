import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import {
  arrayDataSet,
  createKit,
  createRandom,
  defineModel,
  defineOptimizer,
  definePlugin,
  type DataSplits,
  type Network,
  type RunEvent,
  type StepsEvent,
} from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { losses } from '../index.js';

const [classes, features] = [3, 6];
const kit = createKit({ plugins: [losses] });
type Run = Parameters<typeof kit.run>[0];

/** Points around one centre for each class. */
function blobs(): DataSplits {
  const part = (name: string, size: number) => {
    const stream = createRandom(3).stream(name);
    const labels = Int32Array.from({ length: size }, (_, i) => i % classes);
    const inputs = Float32Array.from(
      { length: size * features },
      (_, i) => Number(i % classes === labels[Math.floor(i / features)]) * 2 + stream.normal(),
    );
    return arrayDataSet({ inputs, labels, inputShape: [features], classes });
  };
  return { train: part('train', 120), validation: part('validation', 30), test: part('test', 60) };
}

/** Two layers; the first can be tapped as `hidden`. */
function network(name: string, width: number): Network {
  const stream = createRandom(5).stream(name);
  const weights = (rows: number, columns: number): tf.Variable =>
    tf.tidy(() =>
      tf.variable(
        tf.tensor2d(
          Float32Array.from({ length: rows * columns }, () => 0.5 * stream.normal()),
          [rows, columns],
        ),
      ),
    );
  const parameters = [weights(features, width), weights(width, classes)] as const;
  const run = (inputs: tf.Tensor): { hidden: tf.Tensor; logits: tf.Tensor } => {
    const hidden = tf.tanh(tf.matMul(inputs, parameters[0]));
    return { hidden, logits: tf.matMul(hidden, parameters[1]) };
  };
  return {
    name,
    logits: (inputs) => run(inputs).logits,
    tapped: (inputs) => {
      const { hidden, logits } = run(inputs);
      return { logits, taps: { hidden } };
    },
    parameters,
    buffers: [],
    dispose: () => {
      tf.dispose([...parameters]);
    },
  };
}

/** Trains a teacher on the labels, and a student by `config`; gives how the student agrees with the teacher, and its updates. */
async function distil(config: Run): Promise<{ agreement: number; steps: readonly StepsEvent[] }> {
  const steps: StepsEvent[] = [];
  const [teacher, student] = [network('teacher', 8), network('student', 4)];
  try {
    const common = { batchSize: 20, temperature: 2, optimizer: { type: 'adam', learningRate: 0.03 } } as const;
    await kit.run({ ...common, epochs: 6 }, { data: blobs(), student: teacher });
    const reporters = [
      { name: 'seen', report: (event: { type: string }) => void (event.type === 'steps' && steps.push(event as StepsEvent)) },
    ];
    const result = await kit.run({ ...common, epochs: 8, ...config }, { data: blobs(), teacher, student, reporters });
    return { agreement: result.test['agreement'] ?? NaN, steps };
  } finally {
    teacher.dispose();
    student.dispose();
  }
}

describe('every loss trains a student', () => {
  const alone: readonly NonNullable<Run['losses']>[string][] = [
    { type: 'annealing-kd', maxTemperature: 2, temperature: 1 },
    { type: 'consistency', temperature: 1 },
    { type: 'cosine' },
    { type: 'cross-entropy', labelSmoothing: 0.1 },
    { type: 'dist' },
    { type: 'dkd' },
    { type: 'generalized-jsd' },
    { type: 'kl' },
    { type: 'kl', direction: 'reverse', scale: 'initial', temperature: 3 },
    { type: 'logit-standardization', of: { type: 'kl', temperature: 1 } },
    { type: 'mae' },
    { type: 'mse' },
    { type: 'soft-cross-entropy' },
    { type: 'top-k-kl', k: 2 },
    { type: 'ttm' },
    { type: 'wsl' },
    { type: 'wttm' },
  ];
  test.each(alone.map((loss) => [JSON.stringify(loss), loss] as const))('%s', async (_, loss) => {
    await expectNoLeakedTensors(async () => {
      const { agreement, steps } = await distil({ losses: { only: loss }, weighting: { only: 1 } });
      expect(agreement).toBeGreaterThan(0.75);
      expect(steps.every(({ loss: value }) => Number.isFinite(value))).toBe(true);
    });
  });

  test.each([
    { type: 'fitnets', student: 'hidden', teacher: 'hidden' },
    { type: 'attention-transfer', student: 'hidden', teacher: 'hidden' },
  ] as const)('$type beside a cross-entropy', async (hint) => {
    await expectNoLeakedTensors(async () => {
      const { agreement, steps } = await distil({ losses: { hard: { type: 'cross-entropy' }, hint }, weighting: { hard: 1, hint: 1 } });
      expect(agreement).toBeGreaterThan(0.75);
      if (hint.type === 'fitnets') expect(steps.at(-1)?.losses['hint']).toBeLessThan(0.7 * (steps[0]?.losses['hint'] as number));
    });
  });
});

test('terms may each have their own temperature, and a warm-up is followed', async () => {
  await expectNoLeakedTensors(async () => {
    const { steps } = await distil({
      losses: { hot: { type: 'kl', temperature: 8 }, cold: { type: 'kl' }, late: { type: 'dkd', warmup: 0.5 } },
      weighting: { hot: 1, cold: 1, late: 1 },
    });
    const last = steps.at(-1) as StepsEvent;
    expect(last.scalars['losses.hot.temperature.value']).toBe(8);
    expect(last.scalars['losses.late.warmup']).toBe(0.5);
  });
});

test('an optimizer that takes the losses apart is told which parameters each of them reaches', async () => {
  let seen: Readonly<Record<string, readonly boolean[]>> | undefined;
  const apart = defineOptimizer({
    type: 'apart',
    options: z.strictObject({}),
    create: () => ({
      learningRate: () => 0,
      init: () => ({ variables: {}, apply: () => undefined, applyPerLoss: (_gradients, _rate, reaches) => void (seen = reaches) }),
    }),
  });
  const own = createKit({ plugins: [losses, definePlugin({ name: 'own', provides: [apart] })] });
  await expectNoLeakedTensors(async () => {
    const [teacher, student] = [network('teacher', 8), network('student', 4)];
    const hint = { type: 'fitnets', student: 'hidden', teacher: 'hidden' } as const;
    await own.run(
      {
        losses: { hard: { type: 'cross-entropy' }, hint },
        weighting: { hard: 1, hint: 1 },
        optimizer: { type: 'apart' },
        temperature: 1,
        epochs: 1,
      },
      { data: blobs(), teacher, student },
    );
    teacher.dispose();
    student.dispose();
  });
  // Two layers of the student, and the map to the teacher's width.
  expect(seen).toEqual({ hard: [true, true, false, false], hint: [true, false, true, true] });
});

test('a mistake names the term', async () => {
  const hint = { type: 'fitnets', student: 'nowhere', teacher: 'hidden' } as const;
  await expect(distil({ losses: { hint }, weighting: { hint: 1 } })).rejects.toThrow(
    'losses.hint: the student gave no output of its layer "nowhere"; it gave hidden',
  );
});

describe('what cannot work together is refused before a teacher is trained', () => {
  const layers = defineModel({
    type: 'layers',
    options: z.strictObject({ width: z.int() }),
    create:
      ({ width }) =>
      ({ name }) =>
        network(name, width),
  });
  const withModels = createKit({ plugins: [losses, definePlugin({ name: 'models', provides: [layers] })] });
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
      "asks for the gradient of losses.hint at the student's logits, and this loss does not look at them",
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
      'weighs samples, and loss "soft" has one value for the batch',
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
      'asks for intermediate outputs (hidden) of an ensemble',
    ],
  ])('%s', async (_, config, path, message) => {
    await expectNoLeakedTensors(async () => {
      const error = await refusal(config);
      expect(error).toMatchObject({ path, fault: 'user' });
      expect(String(error)).toContain(message);
    });
  });

  test('what does work together is not', async () => {
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

test('a temperature is reported only where a loss may look at it', async () => {
  await expectNoLeakedTensors(async () => {
    const named = async (config: Run): Promise<boolean> => 'temperature.value' in ((await distil(config)).steps[0] as StepsEvent).scalars;
    expect(await named({ losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 } })).toBe(false);
    expect(await named({})).toBe(true);
  });
});
