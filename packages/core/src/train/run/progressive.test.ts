import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, test } from 'vitest';
import type { Network } from '../../contracts/network.js';
import { createKit } from '../../kit/kit.js';
import { expectNoLeakedTensors } from '@temper/testing';
import { run } from '../fixtures/fixture-run.js';
import { basicRun, basics, blobs, recorder } from '../fixtures/basic-run.js';
import { memoryStore, stopAfter, withStore } from '../fixtures/memory-store.js';

const kit = createKit({ plugins: [basics] });

describe('stages', () => {
  test('nest, repeat, and take from what they stand in', async () => {
    const seen = recorder();
    await run(
      {
        epochs: undefined,
        stages: [
          {
            repeat: 2,
            temperature: 3,
            stages: [
              { name: 'a', epochs: 1 },
              { name: 'b', steps: 2, temperature: 5 },
            ],
          },
        ],
      },
      { reporters: [seen] },
    );
    const own = seen.of('steps').filter(({ stage }) => stage !== 'teacher');
    expect(seen.of('stage-start').map(({ stage, steps }) => [stage, steps])).toEqual([
      ['teacher', 8],
      ['a', 4],
      ['b', 2],
      ['a', 4],
      ['b', 2],
    ]);
    expect(own.map(({ scalars }) => scalars['temperature.value'])).toEqual([3, 3, 3, 3, 5, 5, 3, 3, 3, 3, 5, 5]);
    expect(own.at(-1)?.step).toBe(12);
  });

  test('end when a metric says so, within their cap; training stops early in the same way', async () => {
    const seen = recorder();
    const { result } = await run(
      {
        epochs: undefined,
        stages: [
          { name: 'easy', epochs: 50, until: { metric: 'accuracy', above: 0.5 } },
          { name: 'rest', epochs: 1 },
        ],
      },
      { reporters: [seen] },
    );
    expect(result.steps).toBeLessThan(100);
    expect(seen.of('stage-end').map(({ stage }) => stage)).toEqual(['teacher', 'easy', 'rest']);
    const early = await run({ epochs: 60, earlyStopping: { metric: 'nll', patience: 1, minDelta: 0.05 } });
    expect(early.result.steps).toBeLessThan(240);
    await expect(run({ earlyStopping: { metric: 'acuracy', patience: 1 } })).rejects.toThrow(
      'earlyStopping.metric: unknown metric "acuracy"; did you mean "accuracy"?',
    );
  });

  test('evaluate every so many updates', async () => {
    const seen = recorder();
    await run({ evaluateEvery: { steps: 5 } }, { reporters: [seen] });
    const own = seen.of('evaluation').filter(({ stage, split }) => stage === 'student' && split === 'validation');
    expect(own.map(({ step }) => step)).toEqual([5, 10, 12]);
  });

  test.each([
    [{ steps: 4 }, [4, 8, 12]],
    [{ steps: 8 }, [8, 12]],
    [{ epochs: 2 }, [8, 12]],
  ])('evaluate and save every %j, at the ends of epochs too', async (every, expected) => {
    const seen = recorder();
    await run({ evaluateEvery: every, checkpoints: { every } }, { ...withStore(memoryStore()), reporters: [seen] });
    const steps = (type: 'evaluation' | 'checkpoint'): number[] => {
      const begun = seen.events.findIndex((event) => event.type === 'stage-start' && event.stage === 'student');
      return seen.events
        .slice(begun)
        .flatMap((event) => (event.type === type && !('split' in event && event.split === 'test') ? [event.step] : []));
    };
    expect(steps('evaluation')).toEqual(expected);
    expect(steps('checkpoint').slice(-expected.length)).toEqual(expected);
  });

  test('freeze what they are told to, and name what is not there', async () => {
    const frozenRun = {
      epochs: undefined,
      keep: 'last',
      teacher: undefined,
      losses: { hard: { type: 'cross-entropy' } },
      weighting: { hard: 1 },
    };
    const build = () => {
      const [kernel, bias] = tf.tidy(() => [tf.variable(tf.eye(4).slice([0, 0], [4, 3])), tf.variable(tf.zeros([3]))]) as [
        tf.Variable,
        tf.Variable,
      ];
      const network: Network = {
        name: 'named',
        parameters: [kernel, bias],
        buffers: [],
        variableNames: ['dense/kernel', 'dense/bias'],
        logits: (x) => tf.add(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D), bias),
        dispose: () => tf.dispose([kernel, bias]),
      };
      return { network, kernel, bias };
    };
    const { network, kernel, bias } = build();
    await kit.run({ ...basicRun, ...frozenRun, stages: [{ epochs: 1, frozen: ['*/kernel'] }] } as never, {
      data: blobs(),
      student: network,
    });
    expect([...kernel.dataSync()]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
    expect(Math.abs(bias.dataSync()[0] as number)).toBeGreaterThan(0);
    await expect(
      kit.run({ ...basicRun, ...frozenRun, stages: [{ epochs: 1, frozen: ['dnse'] }] } as never, { data: blobs(), student: network }),
    ).rejects.toThrow('stages[0].frozen[0]: unknown layer "dnse"; did you mean "dense"?');
    await expect(
      kit.run({ ...basicRun, ...frozenRun, stages: [{ epochs: 1, frozen: ['dense'] }] } as never, { data: blobs(), student: network }),
    ).rejects.toThrow('nothing can be trained');
    network.dispose();
  });
});

describe('updates', () => {
  test('of several accumulated batches are those of one large batch', async () => {
    const large = await run({ batchSize: 30, keep: 'last' });
    const parts = await run({
      batchSize: 10,
      accumulate: 3,
      keep: 'last',
      teacher: { ...basicRun.teacher, train: { epochs: 2, batchSize: 30 } },
    });
    expect(parts.result.steps).toBe(large.result.steps);
    expect(Math.max(...large.weights.map((value, i) => Math.abs(value - (parts.weights[i] as number))))).toBeLessThan(1e-5);
  });

  test('are no longer than the clipped gradient times the learning rate', async () => {
    const initial = await run({ optimizer: { type: 'sgd', learningRate: 0 } });
    const { weights, result } = await run({ clipNorm: 1e-3, optimizer: { type: 'sgd', learningRate: 1 }, keep: 'last' });
    const distance = Math.hypot(...weights.map((value, i) => value - (initial.weights[i] as number)));
    expect(distance).toBeGreaterThan(1e-4);
    expect(distance).toBeLessThan(1e-3 * result.steps + 1e-6);
  });

  test('are followed by the average, which is what is judged and kept', async () => {
    const plain = await run({ keep: 'last' });
    const averaged = await run({ keep: 'last', ema: 0.5 });
    expect(averaged.weights).not.toEqual(plain.weights);
    expect(averaged.result.chosen.validation['nll']).not.toBe(plain.result.chosen.validation['nll']);
  });

  test('in a short run with a long decay have an average without the untrained weights', async () => {
    const averaged = await run({ keep: 'last', epochs: 20, ema: 0.9999 });
    expect(averaged.result.test['accuracy']).toBeGreaterThan(0.9);
    const [one, first] = [
      await run({ keep: 'last', epochs: undefined, stages: [{ steps: 1 }] }),
      await run({ keep: 'last', epochs: undefined, stages: [{ steps: 1 }], ema: 0.9999 }),
    ];
    expect(first.weights).toEqual(one.weights);
  });
});

describe('teachers', () => {
  const dense = { type: 'dense' };
  test.each([
    ['a chain', { distilled: { teacher: { model: dense }, student: { model: dense }, epochs: 2 } }, ['teacher', 'teacher-2']],
    [
      'an ensemble',
      {
        ensemble: [
          { model: dense, name: 'one' },
          { model: dense, name: 'two' },
        ],
        combine: 'confidence',
      },
      ['one', 'two'],
    ],
    [
      'one by chance',
      {
        ensemble: [
          { model: dense, name: 'one' },
          { model: dense, name: 'two' },
        ],
        combine: 'random',
      },
      ['one', 'two'],
    ],
    [
      'a mean',
      {
        ensemble: [
          { model: dense, name: 'one' },
          { model: dense, name: 'two' },
        ],
      },
      ['one', 'two'],
    ],
  ])('%s', async (_name, teacher, names) => {
    const seen = recorder();
    await expectNoLeakedTensors(async () => {
      const { result } = await run({ teacher, optimizer: { type: 'sgd', learningRate: 0.1 } }, { reporters: [seen] });
      expect(result.test['agreement']).toBeGreaterThan(0);
    });
    expect([...new Set(seen.of('stage-start').map(({ stage }) => stage))].filter((stage) => stage !== 'student').sort()).toEqual(
      [...names].sort(),
    );
  });

  test('in the making: stages learn from what the teacher was', async () => {
    const teacher = { model: dense, train: { epochs: 3, snapshots: [1, 3] } };
    const stages = [
      { epochs: 1, teacher: { snapshot: 1 } },
      { epochs: 1, teacher: { snapshot: 3 } },
    ];
    const { weights } = await run({ teacher, epochs: undefined, stages, deterministic: true }, withStore(memoryStore()));
    const store = memoryStore();
    expect(await stopAfter({ teacher, epochs: undefined, stages, deterministic: true }, store, 14, false)).toBe(false);
    expect((await run({ teacher, epochs: undefined, stages, deterministic: true }, { ...withStore(store), resume: true })).weights).toEqual(
      weights,
    );
    await expect(run({ teacher, epochs: undefined, stages: [{ epochs: 1, teacher: { snapshot: 2 } }] })).rejects.toThrow(
      'stages[0].teacher.snapshot: there is no snapshot of the teacher after epoch 2',
    );
  });
});
