import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, regularizers, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import { arrayDataSet, createKit, createRandom, Tokens, type DataSet, type RunEvent } from '@temper/core';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { describe, expect, test } from 'vitest';
import { engines } from '../testing/split-runs.js';

const kit = createKit({ plugins: [losses, models] });
type Config = Parameters<typeof kit.run>[0];
const classes = 3;

/** Labelled noise with a mean far from 0. */
function noise(inputShape: number[], size = 24): DataSet {
  const stream = createRandom(1).stream('noise');
  const inputs = Float32Array.from({ length: size * tf.util.sizeFromShape(inputShape) }, () => 2 + stream.normal());
  return arrayDataSet({ inputs, labels: Int32Array.from({ length: size }, (_, i) => i % classes), inputShape, classes });
}

const hardOnly = {
  seed: 1,
  temperature: 1,
  keep: 'last',
  batchSize: 8,
  losses: { hard: { type: 'cross-entropy' } },
  weighting: { hard: 1 },
} as const;

async function train(
  student: LayersModel,
  data: DataSet,
  engine: string,
  config: Config,
): Promise<{ weights: Record<string, number[]>; events: RunEvent[]; warnings: readonly string[] }> {
  const events: RunEvent[] = [];
  const { warnings } = await kit.run(
    { ...hardOnly, ...config },
    {
      data: { train: data, validation: data, test: data },
      student,
      reporters: [{ name: 'recorder', report: (event) => void events.push(event) }],
      services: (container) => void container.rebind(Tokens.Engine).toConstantValue((engines[engine] as () => never)()),
    },
  );
  return {
    weights: Object.fromEntries(student.weights.map((weight) => [weight.originalName, [...weight.read().dataSync()]])),
    events,
    warnings,
  };
}

const close = (got: readonly number[], want: readonly number[], digits = 5): void => {
  expect(got).toHaveLength(want.length);
  want.forEach((value, i) => expect(got[i]).toBeCloseTo(value, digits));
};

describe.each(Object.keys(engines))('a student with layers of tfjs on the %s engine', (engine) => {
  test('frozen batch normalization keeps its averages while other layers update theirs', async () => {
    const student = kit.model({ type: 'resnet', widths: [3], blocks: 1 })({
      inputShape: [6, 6, 1],
      classes,
      seed: 1,
      name: 'student',
    }) as LayersModel;
    const data = noise([6, 6, 1]);
    const optimizer = { type: 'sgd', learningRate: 0.1 } as const;
    const first = await train(student, data, engine, { epochs: 1, optimizer });
    const second = await train(student, data, engine, { optimizer, stages: [{ name: 'head', epochs: 2, frozen: ['stem*', 'stage*'] }] });
    const moving = Object.keys(first.weights).filter((name) => name.includes('moving'));
    expect(moving.length).toBeGreaterThan(2);
    for (const name of moving) {
      expect(first.weights[name]).not.toEqual(name.includes('mean') ? [0, 0, 0] : [1, 1, 1]);
      expect(second.weights[name]).toEqual(first.weights[name]);
    }
    expect(second.weights['logits/kernel']).not.toEqual(first.weights['logits/kernel']);
    student.dispose();
  });

  const dense = (penalty: number, name: string): LayersModel =>
    sequential({
      name,
      layers: [
        layers.dense({
          name: 'only',
          inputShape: [4],
          units: classes,
          useBias: false,
          kernelInitializer: initializers.glorotUniform({ seed: 3 }),
          ...(penalty === 0 ? {} : { kernelRegularizer: regularizers.l2({ l2: penalty }) }),
        }),
      ],
    });

  test.each([
    ['one batch for an update', { batchSize: 8 }],
    ['several batches for an update', { batchSize: 4, accumulate: 2 }],
  ])('an L2 penalty counts once an update like weight decay under sgd: %s', async (_, split) => {
    const data = noise([4]);
    const penalty = 0.05;
    const [penalised, plain] = [dense(penalty, 'penalised'), dense(0, 'plain')];
    const kernel = [...(penalised.weights[0]?.read().dataSync() ?? [])];
    const got = await train(penalised, data, engine, { ...split, epochs: 4, optimizer: { type: 'sgd', learningRate: 0.1 } });
    const want = await train(plain, data, engine, {
      ...split,
      epochs: 4,
      optimizer: { type: 'sgd', learningRate: 0.1, weightDecay: 2 * penalty },
    });
    close(got.weights['only/kernel'] ?? [], want.weights['only/kernel'] ?? []);
    const [first] = got.events.filter((event) => event.type === 'steps');
    const value = penalty * kernel.reduce((sum, w) => sum + w * w, 0);
    expect(first?.losses['regularization']).toBeCloseTo(value, 5);
    expect(first?.loss).toBeCloseTo((first?.losses['hard'] ?? 0) + value, 5);
    penalised.dispose();
    plain.dispose();
  });

  test('optimizer dot adds an L2 penalty in the place of its weight decay', async () => {
    const data = noise([4]);
    const [penalised, plain] = [dense(0.05, 'penalised'), dense(0, 'plain')];
    const got = await train(penalised, data, engine, { epochs: 3, optimizer: { type: 'dot', learningRate: 0.1 } });
    const want = await train(plain, data, engine, { epochs: 3, optimizer: { type: 'dot', learningRate: 0.1, weightDecay: 0.1 } });
    close(got.weights['only/kernel'] ?? [], want.weights['only/kernel'] ?? []);
    penalised.dispose();
    plain.dispose();
  });

  test('batch normalization in micro-batches is warned about unless it is frozen', async () => {
    const build = (): LayersModel =>
      sequential({
        name: 'student',
        layers: [
          layers.dense({ name: 'first', inputShape: [4], units: 5 }),
          layers.batchNormalization({ name: 'norm' }),
          layers.dense({ name: 'head', units: classes }),
        ],
      });
    const [moving, frozen] = [build(), build()];
    const warned = await train(moving, noise([4]), engine, { epochs: 1, accumulate: 2 });
    expect(warned.warnings).toEqual([
      expect.stringContaining(
        'student: has batch normalization (norm), whose statistics with accumulate 2 are those of each micro-batch of 8 samples',
      ),
    ]);
    expect((await train(frozen, noise([4]), engine, { accumulate: 2, stages: [{ epochs: 1, frozen: ['norm'] }] })).warnings).toEqual([]);
    moving.dispose();
    frozen.dispose();
  });
});

test('a loss with the name of the penalties is refused', async () => {
  const student = sequential({ layers: [layers.dense({ inputShape: [4], units: classes })] });
  await expect(
    train(student, noise([4]), 'eager', {
      epochs: 1,
      losses: { regularization: { type: 'cross-entropy' } },
      weighting: { regularization: 1 },
    }),
  ).rejects.toThrow('losses.regularization: a loss cannot be named "regularization"');
  student.dispose();
});
