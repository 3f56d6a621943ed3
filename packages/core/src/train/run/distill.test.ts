import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, test } from 'vitest';
import { isLong } from '../../../../../fixtures/long.js';
import type { Metrics } from '../../contracts/schedule.js';
import { expectNoLeakedTensors } from '@temper/testing';
import { run } from '../fixtures/fixture-run.js';
import { basicRun, blobs, recorder } from '../fixtures/basic-run.js';

describe('a run', () => {
  test('a run learns, reports its chosen weights and leaves no tensor', async () => {
    await expectNoLeakedTensors(async () => {
      const { result } = await run({ teacher: { ...basicRun.teacher, train: { epochs: 3, optimizer: basicRun.optimizer } } });
      expect(result.steps).toBe(12);
      expect(result.test['accuracy']).toBeGreaterThan(0.8);
      expect(result.teacherTest?.['accuracy']).toBeGreaterThan(0.8);
      expect(result.test['agreement']).toBeGreaterThan(0.8);
      expect(result.chosen.by).toBe('best validation accuracy');
      expect(result.parameters).toEqual({ student: 15, teacher: 15 });
      expect(result.warnings).toEqual([]);
    });
  });

  test('a run is reproduced by its seed and differs with another seed', async () => {
    const [one, two, other] = [await run(), await run(), await run({ seed: 2 })];
    expect(two.weights).toEqual(one.weights);
    expect(other.weights).not.toEqual(one.weights);
  });

  test('a run reports every update once, with temperatures from exactly 20 to 1', async () => {
    const seen = recorder();
    await run(
      { batchSize: 7, epochs: 2, teacher: undefined, losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 } },
      { reporters: [seen] },
    );
    const steps = seen.of('steps');
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 18 }, (_, i) => i + 1));
    expect(steps[0]?.scalars['temperature.value']).toBe(20);
    expect(steps.at(-1)?.scalars['temperature.value']).toBe(1);
    expect(steps.every(({ loss, losses }) => loss === losses['hard'])).toBe(true);
    expect(seen.of('evaluation').map(({ split, epoch }) => [split, epoch])).toEqual([
      ['validation', 1],
      ['validation', 2],
      ['test', expect.any(Number)],
    ]);
    expect(
      seen.events
        .map(({ type }) => type)
        .filter((type) => !['steps', 'evaluation', 'phase', 'phase-progress', 'epoch-start', 'epoch-end'].includes(type)),
    ).toEqual(['run-start', 'stage-start', 'stage-end', 'run-end']);
  });

  test('stages have their own schedules with local progress', async () => {
    const seen = recorder();
    const stages = [
      { name: 'broad', epochs: 2, temperature: { type: 'linear', from: 20, to: 4 } },
      { epochs: 1, temperature: { type: 'linear', from: 4, to: 1 }, weighting: { soft: 0.5, hard: 0.5 } },
    ];
    await run({ epochs: undefined, stages }, { reporters: [seen] });
    const of = (stage: string) => seen.of('steps').filter((event) => event.stage === stage);
    expect(of('broad').map(({ scalars }) => scalars['temperature.value'])).toEqual(
      Array.from({ length: 8 }, (_, i) => 20 + (4 - 20) * (i / 7)),
    );
    expect(of('stage 2').map(({ scalars }) => scalars['temperature.value'])).toEqual([4, 3, 2, 1]);
    expect(of('broad')[0]?.scalars['weighting.soft']).toBe(0.7);
    expect(of('stage 2')[0]?.scalars['weighting.soft']).toBe(0.5);
  });

  test('a run ends with the weights of the best validation epoch, or the last on request', async () => {
    const seen = { best: recorder(), last: recorder() };
    for (const keep of ['best', 'last'] as const) {
      // So high a learning rate that epochs differ much, up and down.
      const { result } = await run({ keep, epochs: 6, optimizer: { type: 'sgd', learningRate: 20 } }, { reporters: [seen[keep]] });
      const epochs = seen[keep].of('evaluation').filter(({ stage, split }) => stage === 'student' && split === 'validation');
      const better = (one: Metrics, other: Metrics): boolean =>
        (one['accuracy'] as number) > (other['accuracy'] as number) ||
        (one['accuracy'] === other['accuracy'] && (one['nll'] as number) < (other['nll'] as number));
      const wanted = keep === 'last' ? epochs.at(-1) : epochs.reduce((best, one) => (better(one.metrics, best.metrics) ? one : best));
      expect(result.chosen.epoch).toBe(wanted?.epoch);
      expect(result.chosen.validation).toEqual(wanted?.metrics);
    }
    const test = (reporter: typeof seen.best) => reporter.of('evaluation').find(({ split }) => split === 'test')?.metrics;
    const [best, last] = [
      seen.best.of('evaluation').filter(({ stage }) => stage === 'student'),
      seen.last.of('evaluation').filter(({ stage }) => stage === 'student'),
    ];
    // The same training; only what is kept of it differs, where the last epoch was not the best.
    expect(best.filter(({ split }) => split === 'validation').map(({ metrics }) => metrics)).toEqual(
      last.filter(({ split }) => split === 'validation').map(({ metrics }) => metrics),
    );
    expect(test(seen.best)).toBeDefined();
  });

  test("a run computes the teacher's logits once for each sample", async () => {
    let samples = 0;
    const weights = tf.variable(tf.eye(4).slice([0, 0], [4, 3]));
    const teacher = (inputs: tf.Tensor): tf.Tensor => {
      samples += inputs.shape[0];
      return tf.matMul(inputs, weights);
    };
    await run({ teacher: undefined, epochs: 5 }, { teacher: teacher as never });
    // 60 + 30 + 30 for the three splits, two for each of three trials before, and 16 to see whether it gives logits.
    expect(samples).toBe(120 + 3 * 2 + 16);
    weights.dispose();
  });

  test('a run computes the teacher inside of the step for augmented samples', async () => {
    const data = blobs();
    const kept = await run({}, { data });
    const inside = await run({}, { data: { ...data, train: { ...data.train, batch: data.train.batch, varying: true } } });
    expect(Math.max(...kept.weights.map((value, i) => Math.abs(value - (inside.weights[i] as number))))).toBeLessThan(1e-5);
  });

  test('functions of plain variables are distilled without a list of the variables', async () => {
    const weights = tf.variable(tf.zeros([4, 3]));
    const unrelated = tf.variable(tf.ones([2]));
    const { result } = await run(
      { teacher: undefined, student: undefined, losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 } },
      {
        student: ((inputs: tf.Tensor) => tf.matMul(inputs, weights)) as never,
      },
    );
    expect(result.parameters.student).toBe(12);
    expect(result.test['accuracy']).toBeGreaterThan(0.8);
    expect([...unrelated.dataSync()]).toEqual([1, 1]);
    tf.dispose([weights, unrelated]);
  });

  test('a run has the same number of live tensors after many updates', async () => {
    const live: number[] = [];
    await run(
      { epochs: isLong ? 250 : 60, batchSize: 15 },
      { reporters: [{ name: 'live', report: (event) => void (event.type === 'steps' && live.push(tf.memory().numTensors)) }] },
    );
    const last = isLong ? 1000 : 240;
    expect(live.length).toBeGreaterThan(last);
    expect(live[last]).toBe(live[10]);
  });
});
