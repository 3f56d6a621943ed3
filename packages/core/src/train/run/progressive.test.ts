import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, test } from 'vitest';
import type { Network } from '../../contracts/network.js';
import { createKit } from '../../kit/kit.js';
import { run } from '../fixtures/fixture-run.js';
import { basicRun, basics, blobs, recorder } from '../fixtures/basic-run.js';
import { memoryStore, withStore } from '../fixtures/memory-store.js';

const kit = createKit({ plugins: [basics] });

describe('stages', () => {
  test('nested stages repeat and inherit options from their enclosing stages', async () => {
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

  test('stages end at the bound of a metric, and training stops early without progress', async () => {
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

  test('a run evaluates after every 5 updates when evaluateEvery is 5 steps', async () => {
    const seen = recorder();
    await run({ evaluateEvery: { steps: 5 } }, { reporters: [seen] });
    const own = seen.of('evaluation').filter(({ stage, split }) => stage === 'student' && split === 'validation');
    expect(own.map(({ step }) => step)).toEqual([5, 10, 12]);
  });

  test.each([
    [{ steps: 4 }, [4, 8, 12]],
    [{ steps: 8 }, [8, 12]],
    [{ epochs: 2 }, [8, 12]],
  ])('a run evaluates and saves every %j and at the ends of epochs', async (every, expected) => {
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

  test('a stage freezes the layers that it names and refuses unknown names', async () => {
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
