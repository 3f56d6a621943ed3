import * as tf from '@tensorflow/tfjs-node';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Checkpoint, CheckpointStore } from '../contracts/checkpoint.js';
import type { RunEvent, RunStore } from '../contracts/events.js';
import type { Network } from '../contracts/network.js';
import type { TemperatureSchedule } from '../contracts/schedule.js';
import type { Json } from '../json.js';
import { definePlugin, defineTemperature } from '../kit/define.js';
import { createKit } from '../kit/kit.js';
import { Tokens } from '../kit/tokens.js';
import { expectNoLeakedTensors } from '../testing/index.js';
import { basicRun, basics, blobs, recorder } from './fixtures.js';

const kit = createKit({ plugins: [basics] });
const weightsOf = (network: Network): number[] => network.parameters.flatMap((variable) => [...variable.dataSync()]);

/** A run to its end; networks disposed, weights kept. */
async function run(changes: object = {}, options: Parameters<typeof kit.run>[1] = {}) {
  const { student, teacher, ...result } = await kit.run({ ...basicRun, ...changes }, { data: blobs(), ...options });
  const weights = weightsOf(student);
  student.dispose();
  teacher?.dispose();
  return { result, weights };
}

/** A store in memory that behaves like one on a disk: what is written is text and bytes, not references. */
function memoryStore(): RunStore & { readonly written: Checkpoint[]; readonly lines: Json[] } {
  const written: Checkpoint[] = [];
  const parts = new Map<string, Checkpoint>();
  const lines: Json[] = [];
  let config: Json = null;
  let finished = false;
  const copy = (checkpoint: Checkpoint): Checkpoint => structuredClone(checkpoint);
  const checkpoints: CheckpointStore = {
    write: async (checkpoint) => {
      written.push(copy(checkpoint));
      await new Promise((resolve) => setTimeout(resolve, 2));
      return { location: `memory ${written.length}` };
    },
    latest: async () => (written.length === 0 ? undefined : copy(written[written.length - 1] as Checkpoint)),
    put: async (name, checkpoint) => void parts.set(name, copy(checkpoint)),
    get: async (name) => parts.get(name),
  };
  return {
    written,
    lines,
    location: 'memory',
    checkpoints,
    get records() {
      return lines.length;
    },
    open: async (given) => void (config = JSON.parse(JSON.stringify(given)) as Json),
    reopen: async () => ({ config, finished }),
    rewind: async (given, records) => {
      config = given;
      lines.length = records;
    },
    append: async (record) => void lines.push(record),
    saveNetwork: async () => undefined,
    finish: async () => void (finished = true),
  };
}

const withStore = (store: RunStore) => ({ services: (container: import('inversify').Container) => void container.bind(Tokens.RunStore).toConstantValue(store) });

/** Options by which a run stops after so many updates, those of the teacher counted too. */
function stoppingAfter(updates: number, store: RunStore) {
  const controller = new AbortController();
  let seen = 0;
  const services = (container: import('inversify').Container): void => {
    withStore(store).services(container);
    const engine = container.get(Tokens.Engine);
    container.rebind(Tokens.Engine).toConstantValue({
      ...engine,
      prepare(step, options) {
        const prepared = engine.prepare(step, options);
        return { ...prepared, run: (batch, scalars) => (++seen >= updates && controller.abort(), prepared.run(batch, scalars)) };
      },
    });
  };
  return { services, signal: controller.signal };
}

/** Whether a run comes to its end before it is stopped after so many updates. */
async function stopAfter(changes: object, store: RunStore, updates: number, resume: boolean): Promise<boolean> {
  try {
    await run(changes, { ...stoppingAfter(updates, store), resume });
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'run/stopped' });
    return false;
  }
}

const everything = {
  epochs: undefined,
  optimizer: { type: 'adam', learningRate: { type: 'linear', from: 0.05, to: 0.01 } },
  stages: [
    { name: 'broad', epochs: 2, temperature: { type: 'linear', from: 20, to: 4 } },
    { name: 'focus', steps: 7, temperature: { type: 'linear', from: 4, to: 1 }, weighting: { soft: 0.5, hard: { type: 'linear', from: 0, to: 1 } } },
  ],
  ema: 0.9,
  clipNorm: 1,
  accumulate: 2,
  deterministic: true,
};

describe('stopping and resuming', () => {
  property.prop([fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 4 })], { numRuns: 8 })(
    'ends with the same bits and the same records, wherever the run was stopped',
    async (stops) => {
      const whole = memoryStore();
      const { weights, result } = await run(everything, withStore(whole));
      const store = memoryStore();
      let ended = false;
      for (const [i, updates] of stops.entries()) {
        if (!ended) ended = await stopAfter(everything, store, updates, i > 0);
      }
      if (ended) return;
      const resumed = await run(everything, { ...withStore(store), resume: true });
      expect(resumed.weights).toEqual(weights);
      expect(resumed.result.test).toEqual(result.test);
      expect(resumed.result.chosen).toEqual(result.chosen);
      const evaluations = (lines: Json[]): Json[] => lines.filter((line) => (line as { type: string }).type === 'evaluation');
      expect(evaluations(store.lines)).toEqual(evaluations(whole.lines));
    },
  );

  test('a run that was ended before its first checkpoint begins again', async () => {
    const store = memoryStore();
    await store.open(null);
    const { weights } = await run(everything, withStore(memoryStore()));
    const begun = memoryStore();
    await run(everything, withStore(begun));
    begun.written.length = 0;
    begun.finish = async () => undefined;
    const again = { ...begun, reopen: async () => ({ config: (await begun.reopen?.())?.config ?? null, finished: false }) };
    expect((await run(everything, { ...withStore(again), resume: true })).weights).toEqual(weights);
  });

  test('training that early stopping has ended stays ended, with its best weights', async () => {
    const stopping = { epochs: 60, earlyStopping: { metric: 'nll', patience: 1, minDelta: 0.05 } };
    const store = memoryStore();
    const unfinished: RunStore = { ...store, finish: () => Promise.reject(new Error('killed')) };
    await expect(run(stopping, withStore(unfinished))).rejects.toThrow('killed');
    const { weights, result } = await run(stopping, withStore(memoryStore()));
    const resumed = await run(stopping, { ...withStore(store), resume: true });
    expect(resumed.weights).toEqual(weights);
    expect([resumed.result.steps, resumed.result.test]).toEqual([result.steps, result.test]);
  });

  test('a policy that reacts to losses sees all of them, wherever the run was stopped', async () => {
    const reacting = definePlugin({
      name: 'reacting',
      provides: [
        defineTemperature({
          type: 'by-loss',
          options: z.object({}),
          create: (): TemperatureSchedule => ({
            scalars: (_at, state) => ({ value: state as number }),
            state: { initial: 4, observe: (_state, seen) => 1 + (seen['loss'] as number) },
          }),
        }),
      ],
    });
    const own = createKit({ plugins: [basics, reacting] });
    const config = { ...basicRun, teacher: { model: { type: 'dense' }, train: { epochs: 1 } }, temperature: { type: 'by-loss' }, keep: 'last', deterministic: true } as const;
    // So long epochs that losses are read back less often than every update.
    const perEpoch = 25;
    const train = async (options: Parameters<typeof own.run>[1]) => {
      const { student, teacher } = await own.run(config, { data: blobs({ train: 16 * perEpoch }), ...options });
      const weights = weightsOf(student);
      student.dispose();
      teacher?.dispose();
      return weights;
    };
    const weights = await train({});
    for (const stopAt of [1, 2, 3, 10, 14, 30]) {
      const store = memoryStore();
      await expect(train(stoppingAfter(perEpoch + stopAt, store))).rejects.toMatchObject({ code: 'run/stopped' });
      expect(await train({ ...withStore(store), resume: true }), `stopped at ${stopAt}`).toEqual(weights);
    }
  });

  test('a changed config is refused by name, and allowed by name', async () => {
    const store = memoryStore();
    const { weights: short } = await run({ keep: 'last' }, withStore(store));
    const longer = { keep: 'last', epochs: 6 };
    await expect(run(longer, { ...withStore(store), resume: true })).rejects.toThrow(/stages\[0\]\.epochs: 3 → 6[\s\S]*allow these changes: force/);
    await expect(run(longer, { ...withStore(store), resume: { force: ['seed'] } })).rejects.toMatchObject({ code: 'run/changed', fault: 'user' });
    await expect(run({ keep: 'last' }, { ...withStore(store), resume: true })).rejects.toThrow('is finished; there is nothing to resume');
    const seen = recorder();
    const { weights, result } = await run(longer, { ...withStore(store), resume: { force: ['stages[0].epochs'] }, reporters: [seen] });
    expect(result.steps).toBe(24);
    expect(weights).not.toEqual(short);
    expect(seen.of('run-start')[0]).toMatchObject({ resumedAt: 12, resumedIn: 'student' });
    // Progress is that of the new length: update 12 of 24.
    expect(seen.of('steps')[0]?.scalars['temperature.value']).toBeCloseTo(20 - 19 * (12 / 23), 9);
  });

  test('a checkpoint that cannot be written is a warning; training goes on', async () => {
    const store = memoryStore();
    let tries = 0;
    const failing: RunStore = { ...store, checkpoints: { ...(store.checkpoints as CheckpointStore), write: async () => { tries += 1; throw new Error('disk full'); } } };
    const { result } = await run({}, withStore(failing));
    expect(tries).toBeGreaterThan(1);
    expect(result.warnings[0]).toMatch(/the checkpoint at update \d+ could not be written; training goes on, and those before it still stand\. disk full/);
  });

  test('reporters may stop, save and evaluate', async () => {
    const store = memoryStore();
    const seen: RunEvent[] = [];
    const reporter = {
      name: 'curious',
      report(event: RunEvent, controls: import('../contracts/events.js').RunControls) {
        seen.push(event);
        if (event.type !== 'steps' || event.stage !== 'student') return;
        if (event.step === 1) controls.evaluate();
        if (event.step === 2) controls.save();
        if (event.step === 6) controls.stop('seen enough');
      },
    };
    await expect(run({ checkpoints: { every: { epochs: 100 } } }, { ...withStore(store), reporters: [reporter] })).rejects.toThrow(/stopped on request.*after update 6 of 12 \(seen enough\)/);
    const kinds = seen.filter(({ type }) => ['evaluation', 'checkpoint'].includes(type)).map((event) => `${event.type} ${'step' in event ? event.step : ''}`);
    expect(kinds).toEqual(expect.arrayContaining(['evaluation 2', 'checkpoint 3', 'checkpoint 6']));
  });
});

describe('stages', () => {
  test('nest, repeat, and take from what they stand in', async () => {
    const seen = recorder();
    await run({ epochs: undefined, stages: [{ repeat: 2, temperature: 3, stages: [{ name: 'a', epochs: 1 }, { name: 'b', steps: 2, temperature: 5 }] }] }, { reporters: [seen] });
    const own = seen.of('steps').filter(({ stage }) => stage !== 'teacher');
    expect(seen.of('stage-start').map(({ stage, steps }) => [stage, steps])).toEqual([['teacher', 8], ['a', 4], ['b', 2], ['a', 4], ['b', 2]]);
    expect(own.map(({ scalars }) => scalars['temperature.value'])).toEqual([3, 3, 3, 3, 5, 5, 3, 3, 3, 3, 5, 5]);
    expect(own.at(-1)?.step).toBe(12);
  });

  test('end when a metric says so, within their cap; training stops early in the same way', async () => {
    const seen = recorder();
    const { result } = await run({ epochs: undefined, stages: [{ name: 'easy', epochs: 50, until: { metric: 'accuracy', above: 0.5 } }, { name: 'rest', epochs: 1 }] }, { reporters: [seen] });
    expect(result.steps).toBeLessThan(100);
    expect(seen.of('stage-end').map(({ stage }) => stage)).toEqual(['teacher', 'easy', 'rest']);
    const early = await run({ epochs: 60, earlyStopping: { metric: 'nll', patience: 1, minDelta: 0.05 } });
    expect(early.result.steps).toBeLessThan(240);
    await expect(run({ earlyStopping: { metric: 'acuracy', patience: 1 } })).rejects.toThrow('earlyStopping.metric: unknown metric "acuracy"; did you mean "accuracy"?');
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
      return seen.events.slice(begun).flatMap((event) => (event.type === type && !('split' in event && event.split === 'test') ? [event.step] : []));
    };
    expect(steps('evaluation')).toEqual(expected);
    expect(steps('checkpoint').slice(-expected.length)).toEqual(expected);
  });

  test('freeze what they are told to, and name what is not there', async () => {
    const frozenRun = { epochs: undefined, keep: 'last', teacher: undefined, losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 } };
    const build = () => {
      const [kernel, bias] = tf.tidy(() => [tf.variable(tf.eye(4).slice([0, 0], [4, 3])), tf.variable(tf.zeros([3]))]) as [tf.Variable, tf.Variable];
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
    await kit.run({ ...basicRun, ...frozenRun, stages: [{ epochs: 1, frozen: ['*/kernel'] }] } as never, { data: blobs(), student: network });
    expect([...kernel.dataSync()]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
    expect(Math.abs(bias.dataSync()[0] as number)).toBeGreaterThan(0);
    await expect(kit.run({ ...basicRun, ...frozenRun, stages: [{ epochs: 1, frozen: ['dnse'] }] } as never, { data: blobs(), student: network })).rejects.toThrow(
      'stages[0].frozen[0]: unknown layer "dnse"; did you mean "dense"?',
    );
    await expect(kit.run({ ...basicRun, ...frozenRun, stages: [{ epochs: 1, frozen: ['dense'] }] } as never, { data: blobs(), student: network })).rejects.toThrow('nothing is left to train');
    network.dispose();
  });
});

describe('updates', () => {
  test('of several accumulated batches are those of one large batch', async () => {
    const large = await run({ batchSize: 30, keep: 'last' });
    const parts = await run({ batchSize: 10, accumulate: 3, keep: 'last', teacher: { ...basicRun.teacher, train: { epochs: 2, batchSize: 30 } } });
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
});

describe('teachers', () => {
  const dense = { type: 'dense' };
  test.each([
    ['a chain', { distilled: { teacher: { model: dense }, student: { model: dense }, epochs: 2 } }, ['teacher', 'teacher-2']],
    ['an ensemble', { ensemble: [{ model: dense, name: 'one' }, { model: dense, name: 'two' }], combine: 'confidence' }, ['one', 'two']],
    ['one by chance', { ensemble: [{ model: dense, name: 'one' }, { model: dense, name: 'two' }], combine: 'random' }, ['one', 'two']],
    ['a mean', { ensemble: [{ model: dense, name: 'one' }, { model: dense, name: 'two' }] }, ['one', 'two']],
  ])('%s', async (_name, teacher, names) => {
    const seen = recorder();
    await expectNoLeakedTensors(async () => {
      const { result } = await run({ teacher, optimizer: { type: 'sgd', learningRate: 0.1 } }, { reporters: [seen] });
      expect(result.test['agreement']).toBeGreaterThan(0);
    });
    expect([...new Set(seen.of('stage-start').map(({ stage }) => stage))].filter((stage) => stage !== 'student').sort()).toEqual([...names].sort());
  });

  test('in the making: stages learn from what the teacher was', async () => {
    const teacher = { model: dense, train: { epochs: 3, snapshots: [1, 3] } };
    const stages = [{ epochs: 1, teacher: { snapshot: 1 } }, { epochs: 1, teacher: { snapshot: 3 } }];
    const { weights } = await run({ teacher, epochs: undefined, stages, deterministic: true }, withStore(memoryStore()));
    const store = memoryStore();
    expect(await stopAfter({ teacher, epochs: undefined, stages, deterministic: true }, store, 14, false)).toBe(false);
    expect((await run({ teacher, epochs: undefined, stages, deterministic: true }, { ...withStore(store), resume: true })).weights).toEqual(weights);
    await expect(run({ teacher, epochs: undefined, stages: [{ epochs: 1, teacher: { snapshot: 2 } }] })).rejects.toThrow('stages[0].teacher.snapshot: no weights are remembered after epoch 2');
  });
});
