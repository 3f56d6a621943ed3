import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import {
  arrayDataSet,
  createKit,
  createRandom,
  eagerEngine,
  optimizers,
  Tokens,
  type DataSplits,
  type Engine,
  type RunEvent,
} from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { schedules } from '@temper/schedules';
import { describe, expect, test } from 'vitest';
import { compiledEngine } from './engine.js';

const kit = createKit({ plugins: [schedules, losses, models] });
type Run = Parameters<typeof kit.run>[0];
interface Strategy {
  readonly type: string;
  readonly [option: string]: unknown;
}

const classes = 4;
const updates = 10;
const batchSize = 6;

/** What is not an option of every strategy of a kind; strategies that are not named here are used with their defaults. */
const options: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'loss fitnets': { student: 'hidden_1', teacher: 'hidden_1' },
  'loss attention-transfer': { student: 'hidden_1', teacher: 'hidden_1' },
  'loss channel-wise': { student: 'hidden_1', teacher: 'hidden_1', over: 'channels', temperature: { type: 'linear', from: 4, to: 1 } },
  'loss logit-standardization': { of: { type: 'kl' } },
  'loss annealing-kd': { maxTemperature: 20 },
  'loss dkd': { warmup: 4 },
  'loss top-k-kl': { k: 2 },
  'weighting alpha': { soft: { type: 'linear', from: 0.9, to: 0.1 } },
  'weighting teacher-confidence': { soft: 0.8 },
  'weighting teacher-correctness': { soft: 0.6 },
  'weighting constant': { weights: { hard: 0.3, soft: 0.7 } },
  'weighting linear': { from: { hard: 0, soft: 1 }, to: { hard: 1, soft: 0 } },
};

/** Curves differ on the host alone; what counts here is what temperatures do in the graph. */
const temperatures: readonly Strategy[] = [
  { type: 'linear', from: 8, to: 1 },
  {
    type: 'asymmetric-per-sample',
    pairs: [
      { target: 4, other: 2 },
      { target: 2, other: 3 },
    ],
  },
  { type: 'ats', target: { type: 'linear', from: 6, to: 4 }, other: 2 },
  { type: 'ats', target: 3, other: 2, sides: 'both' },
  { type: 'confidence-matched' },
  { type: 'ctkd-per-class', strength: 0.5 },
  { type: 'dts', from: 4 },
  { type: 'inverse-difficulty', base: 2 },
  { type: 'largest-logit', factor: 2 },
  { type: 'product', of: [{ type: 'ctkd-per-class' }, { type: 'flsw', base: 2 }, 0.5] },
  { type: 'ctkd' },
  { type: 'ctkd-per-sample' },
  { type: 'cwsm', base: { type: 'linear', from: 6, to: 2 } },
  { type: 'dtkd', base: 4 },
  { type: 'entropy-matched' },
  { type: 'flsw', base: 4 },
  { type: 'logit-standardization' },
  { type: 'plateau', from: 8 },
  { type: 'student-teacher-gap', from: 8, to: 1 },
  { type: 'target-entropy', target: 0.6, from: 4 },
  { type: 'sequence', of: [4, { type: 'cwsm', base: 4 }, { type: 'linear', from: 4, to: 1 }], lengths: [{ steps: 3 }, { steps: 4 }] },
  { type: 'sides', student: { type: 'linear', from: 4, to: 2 }, teacher: 3 },
  { type: 'warm-up', of: { type: 'flsw', base: 4 }, from: 1, over: { steps: 3 } },
  { type: 'scale', of: { type: 'entropy-matched' }, by: 0.5 },
];

function builtIn(
  plugin: { readonly provides?: readonly { readonly kind: string; readonly type: string }[] | undefined },
  kind: string,
): Strategy[] {
  return (plugin.provides ?? []).filter((one) => one.kind === kind).map(({ type }) => ({ type, ...options[`${kind} ${type}`] }));
}

/** Labelled noise of any shape; whole numbers for tokens. */
function noise(inputShape: number[], tokens: boolean): DataSplits {
  const width = tf.util.sizeFromShape(inputShape);
  const part = (name: string, size: number) => {
    const stream = createRandom(5).stream(name);
    const labels = Int32Array.from({ length: size * (tokens ? width : 1) }, () => stream.integer(classes));
    const values = { length: size * width };
    const inputs = tokens ? Int32Array.from(values, () => stream.integer(classes)) : Float32Array.from(values, () => stream.normal());
    return arrayDataSet({ inputs, labels, inputShape, classes, ...(tokens ? { labelShape: inputShape } : {}) });
  };
  return { train: part('train', updates * batchSize), validation: part('validation', 8), test: part('test', 8) };
}

interface Trained {
  readonly losses: number[];
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

async function train(engine: Engine, config: Run, data: DataSplits): Promise<Trained> {
  const seen: number[] = [];
  const report = (event: RunEvent): void => void (event.type === 'steps' && seen.push(event.loss));
  const shape = { inputShape: data.train.inputShape, classes, seed: 9, name: 'teacher' };
  const teacher = kit.model(config.student?.model ?? { type: 'mlp', hidden: [7] })(shape);
  const usual = { temperature: { type: 'linear', from: 6, to: 2 }, student: { model: { type: 'mlp', hidden: [7] } } } as const;
  const result = await kit.run(
    { seed: 3, batchSize, epochs: 1, keep: 'last', ...usual, ...config },
    {
      data,
      teacher,
      reporters: [{ name: 'seen', report }],
      services: (container) => void container.rebind(Tokens.Engine).toConstantValue(engine),
    },
  );
  const weights = Object.fromEntries(
    [...result.student.parameters, ...result.student.buffers].map((one) => [one.name, Array.from(one.dataSync())]),
  );
  result.student.dispose();
  result.teacher?.dispose();
  // One epoch has one evaluation, in which a temperature that waits for several cannot change.
  expect(result.warnings.filter((warning) => !warning.includes('never changes in stage'))).toEqual([]);
  return { losses: seen, weights };
}

/** The same ten updates on both engines: losses and weights equal to 1e-5. */
async function compare(config: Run, data = noise([5], false), free: (weight: string) => boolean = () => false): Promise<void> {
  const eager = await expectNoLeakedTensors(() => train(eagerEngine, config, data));
  const compiled = await expectNoLeakedTensors(() => train(compiledEngine(), config, data));
  expect(eager.losses).toHaveLength(updates);
  eager.losses.forEach((loss, i) =>
    expect(Math.abs((compiled.losses[i] as number) - loss)).toBeLessThanOrEqual(1e-5 * Math.abs(loss) + 1e-7),
  );
  const largest = Math.max(...Object.values(eager.weights).flat().map(Math.abs));
  const [got, want] = [Object.values(compiled.weights), Object.entries(eager.weights)];
  want.forEach(([name, values], i) => {
    if (free(name)) return;
    const difference = Math.max(...values.map((value, k) => Math.abs((got[i]?.[k] as number) - value)));
    expect(difference, name).toBeLessThanOrEqual(1e-5 * largest);
  });
}

/** What such a pair is answered with, where the two cannot work together. */
function refusal(weighting: string, loss: string): string | undefined {
  const ofFeatures = ['fitnets', 'attention-transfer', 'channel-wise'].includes(loss);
  if (weighting.startsWith('teacher-') && loss === 'dist') return 'has weights per sample';
  return weighting === 'gradient-norm' && ofFeatures
    ? `asks for the gradient of losses.soft at the student's logits, but this loss does not depend on them`
    : undefined;
}

const named = (strategies: readonly Strategy[]) => strategies.map((one) => [one.type, one] as const);

describe.each(named(builtIn(losses, 'weighting')))('weighting %s', (_, weighting) => {
  test.each(named(builtIn(losses, 'loss')))('the compiled update with loss %s equals the eager one', async (type, loss) => {
    const optimizer = { type: 'sgd', learningRate: 0.05, momentum: 0.9 };
    const config = { losses: { hard: { type: 'cross-entropy' }, soft: loss }, weighting, optimizer } as Run;
    const refused = refusal(weighting.type, type);
    if (refused === undefined) await compare(config);
    else await expect(compare(config)).rejects.toThrow(refused);
  });
});

describe.each(named(builtIn(optimizers, 'optimizer')))('optimizer %s', (_, optimizer) => {
  const learningRate = { type: 'cosine', from: 0.01, to: 0.001 };
  const config = (model: Strategy): Run => ({ student: { model }, optimizer: { ...optimizer, learningRate } }) as unknown as Run;

  test('the compiled update of an mlp equals the eager one', () => compare(config({ type: 'mlp', hidden: [7, 6], dropout: 0.3 })));
  test('the compiled update of a cnn equals the eager one', () =>
    compare(config({ type: 'cnn', channels: [3, 4], dense: [5] }), noise([8, 8], false)));
  test('the compiled update of a resnet equals the eager one', () =>
    compare(config({ type: 'resnet', widths: [3, 4] }), noise([8, 8, 2], false)));
  // A bias of the keys moves every score alike: its gradient is rounding alone, and adaptive optimizers follow that.
  test('the compiled update of a transformer equals the eager one', () =>
    compare(config({ type: 'transformer', layers: 2, width: 8, heads: 2, dropout: 0.2 }), noise([6], true), (weight) =>
      weight.includes('queries_keys_values/bias'),
    ));
});

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

describe('temperature', () => {
  test.each(temperatures.map((temperature) => [JSON.stringify(temperature), temperature] as const))(
    'the compiled update with temperature %s equals the eager one',
    async (_, temperature) => {
      await compare({ temperature, optimizer: { type: 'sgd', learningRate: 0.05 } } as unknown as Run);
    },
  );
});
