import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { RunResult } from './distill.js';
import { basicRun, basics, blobs, recorder } from './fixtures.js';
import { defineLoss, defineTemperature, defineSchedule, defineWeighting } from '../kit/define.js';
import type { Metrics } from '../contracts/schedule.js';
import { createKit } from '../kit/kit.js';
import { Tokens } from '../kit/tokens.js';
import { createRandom } from '../random.js';
import { expectNoLeakedTensors } from '../testing/index.js';

const kit = createKit({ plugins: [basics] });
const run = async (changes: object = {}, options: Parameters<typeof kit.run>[1] = {}): Promise<{ result: Omit<RunResult, 'student' | 'teacher'>; weights: number[] }> => {
  const { student, teacher, ...result } = await kit.run({ ...basicRun, ...changes }, { data: blobs(), ...options });
  const weights = student.parameters.flatMap((variable) => [...variable.dataSync()]);
  if (options.student === undefined) student.dispose();
  if (options.teacher === undefined) teacher?.dispose();
  return { result, weights };
};
const failure = (changes: object, options: Parameters<typeof kit.run>[1] = {}): Promise<Error> =>
  run(changes, options).then(
    () => new Error('nothing failed'),
    (error: Error) => error,
  );

describe('a run', () => {
  test('learns, says what it chose and how, and leaves no tensor behind', async () => {
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

  test('is the same twice over, and another with another seed', async () => {
    const [one, two, other] = [await run(), await run(), await run({ seed: 2 })];
    expect(two.weights).toEqual(one.weights);
    expect(other.weights).not.toEqual(one.weights);
  });

  test('tells of every update once, with the temperature exactly 20 at first and 1 at last', async () => {
    const seen = recorder();
    await run({ batchSize: 7, epochs: 2, teacher: undefined, losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 } }, { reporters: [seen] });
    const steps = seen.of('steps');
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 18 }, (_, i) => i + 1));
    expect(steps[0]?.scalars['temperature.value']).toBe(20);
    expect(steps.at(-1)?.scalars['temperature.value']).toBe(1);
    expect(steps.every(({ loss, losses }) => loss === losses['hard'])).toBe(true);
    expect(seen.of('evaluation').map(({ split, epoch }) => [split, epoch])).toEqual([['validation', 1], ['validation', 2], ['test', expect.any(Number)]]);
    expect(seen.events.map(({ type }) => type).filter((type) => !['steps', 'evaluation', 'phase', 'phase-progress', 'epoch-start', 'epoch-end'].includes(type))).toEqual(['run-start', 'stage-start', 'stage-end', 'run-end']);
  });

  test('stages have their own schedules with local progress', async () => {
    const seen = recorder();
    const stages = [
      { name: 'broad', epochs: 2, temperature: { type: 'linear', from: 20, to: 4 } },
      { epochs: 1, temperature: { type: 'linear', from: 4, to: 1 }, weighting: { soft: 0.5, hard: 0.5 } },
    ];
    await run({ epochs: undefined, stages }, { reporters: [seen] });
    const of = (stage: string) => seen.of('steps').filter((event) => event.stage === stage);
    expect(of('broad').map(({ scalars }) => scalars['temperature.value'])).toEqual(Array.from({ length: 8 }, (_, i) => 20 + (4 - 20) * (i / 7)));
    expect(of('stage 2').map(({ scalars }) => scalars['temperature.value'])).toEqual([4, 3, 2, 1]);
    expect(of('broad')[0]?.scalars['weighting.soft']).toBe(0.7);
    expect(of('stage 2')[0]?.scalars['weighting.soft']).toBe(0.5);
  });

  test('ends with the weights of the best validation epoch, or of the last where asked', async () => {
    const seen = { best: recorder(), last: recorder() };
    for (const keep of ['best', 'last'] as const) {
      // So high a learning rate that epochs differ much, up and down.
      const { result } = await run({ keep, epochs: 6, optimizer: { type: 'sgd', learningRate: 20 } }, { reporters: [seen[keep]] });
      const epochs = seen[keep].of('evaluation').filter(({ stage, split }) => stage === 'student' && split === 'validation');
      const better = (one: Metrics, other: Metrics): boolean =>
        (one['accuracy'] as number) > (other['accuracy'] as number) || (one['accuracy'] === other['accuracy'] && (one['nll'] as number) < (other['nll'] as number));
      const wanted = keep === 'last' ? epochs.at(-1) : epochs.reduce((best, one) => (better(one.metrics, best.metrics) ? one : best));
      expect(result.chosen.epoch).toBe(wanted?.epoch);
      expect(result.chosen.validation).toEqual(wanted?.metrics);
    }
    const test = (reporter: typeof seen.best) => reporter.of('evaluation').find(({ split }) => split === 'test')?.metrics;
    const [best, last] = [seen.best.of('evaluation').filter(({ stage }) => stage === 'student'), seen.last.of('evaluation').filter(({ stage }) => stage === 'student')];
    // The same training; only what is kept of it differs, where the last epoch was not the best.
    expect(best.filter(({ split }) => split === 'validation').map(({ metrics }) => metrics)).toEqual(last.filter(({ split }) => split === 'validation').map(({ metrics }) => metrics));
    expect(test(seen.best)).toBeDefined();
  });

  test('asks the teacher once for every sample, however many epochs there are', async () => {
    let samples = 0;
    const weights = tf.variable(tf.eye(4).slice([0, 0], [4, 3]));
    const teacher = (inputs: tf.Tensor): tf.Tensor => {
      samples += inputs.shape[0];
      return tf.matMul(inputs, weights);
    };
    await run({ teacher: undefined, epochs: 5 }, { teacher: teacher as never });
    // 60 + 30 + 30 for the three splits, once more for the teacher's own test figures, two for each of three trials before.
    expect(samples).toBe(120 + 30 + 3 * 2);
    weights.dispose();
  });

  test('runs the teacher inside the step where samples vary', async () => {
    const data = blobs();
    const kept = await run({}, { data });
    const inside = await run({}, { data: { ...data, train: { ...data.train, batch: data.train.batch, varying: true } } });
    expect(Math.max(...kept.weights.map((value, i) => Math.abs(value - (inside.weights[i] as number))))).toBeLessThan(1e-5);
  });

  test('distils functions of plain variables without being told which', async () => {
    const weights = tf.variable(tf.zeros([4, 3]));
    const unrelated = tf.variable(tf.ones([2]));
    const { result } = await run({ teacher: undefined, student: undefined, losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 } }, {
      student: ((inputs: tf.Tensor) => tf.matMul(inputs, weights)) as never,
    });
    expect(result.parameters.student).toBe(12);
    expect(result.test['accuracy']).toBeGreaterThan(0.8);
    expect([...unrelated.dataSync()]).toEqual([1, 1]);
    tf.dispose([weights, unrelated]);
  });

  test('keeps the number of live tensors over many updates', async () => {
    const live: number[] = [];
    await run({ epochs: 250, batchSize: 15 }, { reporters: [{ name: 'live', report: (event) => void (event.type === 'steps' && live.push(tf.memory().numTensors)) }] });
    expect(live.length).toBeGreaterThan(1000);
    expect(live[1000]).toBe(live[10]);
  });
});

describe('strategies', () => {
  test('an adaptive temperature gets the logits, learns its variable, and reacts to metrics', async () => {
    const observed: Record<string, number>[] = [];
    const adaptive = defineTemperature({
      type: 'adaptive',
      options: z.object({}),
      create: () => ({
        scalars: (_at, state) => ({ base: state as number }),
        variables: () => ({ shift: tf.variable(tf.scalar(0.5)) }),
        temperature: ({ scalars, variables, teacher }) => tf.add(tf.add(scalars['base'] as tf.Scalar, tf.abs(variables['shift'] as tf.Variable)), tf.mul(0, tf.sum(teacher, -1, true))),
        measure: ({ temperature }) => ({ mean: tf.mean(temperature) }),
        state: {
          initial: 4,
          observe: (state, seen) => {
            observed.push({ ...seen });
            return (state as number) - 1;
          },
        },
      }),
    });
    const seen = recorder();
    await expectNoLeakedTensors(async () => {
      const result = await createKit({ plugins: [basics, adaptive] }).run({ ...basicRun, temperature: { type: 'adaptive' } }, { data: blobs(), reporters: [seen] });
      result.student.dispose();
      result.teacher?.dispose();
    });
    expect(observed.map(({ mean }, i) => Math.round(2 * ((mean as number) - (4 - i))) / 2)).toEqual([0.5, 0.5, 0.5]);
    expect(Object.keys(observed[0] ?? {})).toEqual(expect.arrayContaining(['loss', 'loss.soft', 'loss.hard', 'mean', 'validation.accuracy']));
    const temperatures = seen.of('steps').filter(({ stage }) => stage !== 'teacher').map(({ scalars }) => scalars['temperature']);
    expect(temperatures[0]).toBeCloseTo(4.5);
    expect(temperatures.at(-1)).not.toBeCloseTo(2.5, 6);
  });

  test('a weighting may weigh samples, ask for gradients and add a penalty', async () => {
    const balance = defineWeighting({
      type: 'balance',
      options: z.object({}),
      create: () => ({
        scalars: () => ({}),
        weights: ({ gradientOf, labels }) => ({ soft: tf.norm(gradientOf('hard')), hard: tf.cast(tf.notEqual(labels, 0), 'float32') }),
        penalty: () => tf.scalar(1),
      }),
    });
    await expectNoLeakedTensors(async () => {
      const result = await createKit({ plugins: [basics, balance] }).run({ ...basicRun, weighting: { type: 'balance' } }, { data: blobs() });
      expect(result.test['accuracy']).toBeGreaterThan(0.5);
      result.student.dispose();
      result.teacher?.dispose();
    });
  });

  test('a gradient at the logits of a loss that does not look at them is refused by the name of the loss', async () => {
    const blind = defineLoss({ type: 'blind', options: z.object({}), create: () => ({ labels }) => tf.cast(labels as tf.Tensor, 'float32') });
    const balance = defineWeighting({
      type: 'balance',
      options: z.object({}),
      create: () => ({ scalars: () => ({}), weights: ({ gradientOf }) => ({ hint: tf.norm(gradientOf('hint')), hard: tf.scalar(1) }) }),
    });
    const kit = createKit({ plugins: [basics, blind, balance] });
    const config = { ...basicRun, losses: { hard: { type: 'cross-entropy' }, hint: { type: 'blind' } }, weighting: { type: 'balance' } } as const;
    await expect(kit.run(config, { data: blobs() })).rejects.toThrow("asks for the gradient of losses.hint at the student's logits, and this loss does not look at them");
  });

  test('what a user binds is used instead of what the config says', async () => {
    const seen = recorder();
    await run({}, { reporters: [seen], services: (container) => {
      container.bind(Tokens.TemperatureSchedule).toConstantValue({ scalars: () => ({ value: 3 }) });
      container.rebind(Tokens.Random).toConstantValue(createRandom(99));
    } });
    const values = seen.of('steps').map(({ stage, scalars }) => [stage, scalars['temperature.value']].join());
    expect(new Set(values)).toEqual(new Set(['teacher,1', 'student,3']));
  });

  test('a step is prepared again where the graph side changes, and only there', async () => {
    const keyed = defineTemperature({
      type: 'keyed',
      options: z.object({}),
      create: () => ({
        scalars: () => ({ value: 2 }),
        graphKey: ({ step }) => (step < 5 ? 'one' : 'two'),
        temperature: ({ scalars, graphKey }) => tf.mul(scalars['value'] as tf.Scalar, graphKey === 'one' ? 1 : 3),
      }),
    });
    const prepared: string[] = [];
    const seen = recorder();
    const result = await createKit({ plugins: [basics, keyed] }).run({ ...basicRun, temperature: { type: 'keyed' } }, {
      data: blobs(),
      reporters: [seen],
      services: (container) => {
        const engine = container.get(Tokens.Engine);
        container.rebind(Tokens.Engine).toConstantValue({ ...engine, prepare: (step) => (prepared.push(step.name), engine.prepare(step)) });
      },
    });
    expect(prepared).toEqual(['teacher', 'student', 'student']);
    expect(seen.of('steps').filter(({ stage }) => stage === 'student').map(({ step, scalars }) => [step, Math.round(scalars['temperature'] as number)])).toEqual(
      Array.from({ length: 12 }, (_, i) => [i + 1, i < 5 ? 2 : 6]),
    );
    result.student.dispose();
    result.teacher?.dispose();
  });
});

describe('what stops a run', () => {
  test.each([
    ['a batch larger than the data', { batchSize: 61 }, 'batchSize: must be at most the number of training samples, 60, got 61'],
    ['a loss without a weight', { weighting: { soft: 1 } }, 'weighting: gives no weight to loss "hard"; it weighs soft'],
    ['a weight without a loss', { weighting: { soft: 1, hard: 1, sofd: 1 } }, 'weighting: unknown loss "sofd"; did you mean "soft"?'],
    ['a soft loss without a teacher', { teacher: undefined, losses: { soft: { type: 'kl' } }, weighting: { soft: 1 } }, 'losses.soft: needs a teacher, and the run has none'],
    ['a temperature at 0', { temperature: { type: 'linear', from: 20, to: 0 } }, 'temperature'],
    ['no student', { student: undefined }, 'student: is missing'],
    ['a teacher file without a loader', { teacher: { from: 'there' } }, 'teacher.from: needs a loader of saved networks'],
  ])('%s', async (_name, changes, message) => {
    const before = tf.memory().numTensors;
    const error = await failure(changes);
    expect(error.message).toContain(message);
    expect(error).toMatchObject({ name: 'TemperError', fault: 'user' });
    expect(tf.memory().numTensors).toBe(before);
  });

  test('networks and data with different classes', async () => {
    const wrong = (classes: number) => ((inputs: tf.Tensor) => tf.zeros([inputs.shape[0], classes])) as never;
    expect((await failure({}, { teacher: wrong(5) })).message).toContain('teacher: has 5 classes, the data 3');
    expect((await failure({}, { teacher: wrong(3), student: wrong(3) })).message).toContain('student: has nothing to train');
    expect((await failure({}, { teacher: 3 as never })).message).toContain('teacher: must be a LayersModel, a GraphModel or a function');
  });

  test('a loss that is not finite, named with stage, step, temperature and weights', async () => {
    const error = await failure({ optimizer: { type: 'sgd', learningRate: 1e38 } }, { teacher: ((x: tf.Tensor) => tf.slice(x as tf.Tensor2D, [0, 0], [-1, 3])) as never });
    expect(error.message).toMatch(/the loss became (NaN|-?Infinity) in stage "student" at step \d+ .*loss\.soft.*temperature\.value \d.*weighting\.hard 0\.3.*weighting\.soft 0\.7/);
    expect(error).toMatchObject({ code: 'run/non-finite', fault: 'run' });
  });

  test('a teacher whose logits are not finite', async () => {
    const error = await failure({}, { teacher: ((x: tf.Tensor) => tf.div(tf.slice(x as tf.Tensor2D, [0, 0], [-1, 3]), 0)) as never });
    expect(error.message).toMatch(/teacher gives -?(Infinity|NaN) as a logit for sample 0/);
  });

  test('a signal, before and in the middle', async () => {
    expect((await failure({}, { signal: AbortSignal.abort() })).message).toContain('stopped on request');
    const controller = new AbortController();
    const seen = recorder();
    const stopAt5 = { name: 'stop', report: (event: { type: string; step?: number }) => void (event.type === 'steps' && event.step === 5 && controller.abort()) };
    const before = tf.memory().numTensors;
    const error = await failure({ teacher: undefined, losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 } }, { signal: controller.signal, reporters: [seen, stopAt5] });
    expect(error).toMatchObject({ code: 'run/stopped' });
    expect(error.message).toContain('after update 5 of 12');
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a strategy that throws is named; a reporter that throws is left out', async () => {
    const broken = defineWeighting({ type: 'broken', options: z.object({}), create: () => ({ scalars: ({ step }) => {
      if (step > 2) throw new Error('out of luck');
      return { soft: 1, hard: 1 };
    } }) });
    const error = await createKit({ plugins: [basics, broken] }).run({ ...basicRun, weighting: { type: 'broken' } }, { data: blobs() }).catch((caught: unknown) => caught as Error);
    expect((error as Error).message).toContain('weighting: "broken" failed during training: out of luck');
    const { epochs: _, ...rest } = basicRun;
    const stages = [{ epochs: 1 }, { epochs: 1, weighting: { type: 'broken' } }] as const;
    const inStage = await createKit({ plugins: [basics, broken] }).run({ ...rest, stages }, { data: blobs() }).catch((caught: unknown) => caught as Error);
    expect((inStage as Error).message).toContain('stages[1].weighting: "broken" failed during training: out of luck');
    const cold = defineSchedule({ type: 'cold', options: z.object({}), create: () => ({ step }) => {
      if (step === 5) throw new Error('no idea');
      return 4;
    } });
    const before = await createKit({ plugins: [basics, cold] }).run({ ...rest, stages: [{ epochs: 1 }, { epochs: 2, temperature: { type: 'cold' } }] }, { data: blobs() }).catch((caught: unknown) => caught as Error);
    expect((before as Error).message).toContain('stages[1].temperature: "cold" failed during training: no idea');
    const { result } = await run({}, { reporters: [{ name: 'moody', report: () => Promise.reject(new Error('no')) }] });
    expect(result.warnings).toEqual(['reporter "moody" failed and is left out from now on: no']);
  });
});
