import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { CheckpointStore } from '../../contracts/checkpoint.js';
import type { RunStore } from '../../contracts/events.js';
import type { Loss, LossInputs } from '../../contracts/loss.js';
import type { RunOptions } from '../../contracts/run.js';
import type { Json } from '../../json.js';
import { defineLoss, definePlugin, defineTemperature, defineWeighting } from '../../kit/define.js';
import { createKit } from '../../kit/kit.js';
import { basicRun, basics, blobs } from '../fixtures/basic-run.js';
import { memoryStore, stoppingAfter, withStore } from '../fixtures/memory-store.js';

const memory = z.strictObject({ value: z.number().gt(0) });
const falling = (schema: { readonly schema?: z.ZodType }) => ({
  scalars: (_at: unknown, state: Json) => ({ value: (state as z.infer<typeof memory>).value }),
  state: {
    ...schema,
    initial: { value: 4 },
    observe: (state: Json) => ({ value: 0.9 * (state as z.infer<typeof memory>).value }),
  },
});
const plugin = definePlugin({
  name: 'mine',
  provides: [
    defineTemperature({ type: 'with-schema', options: z.strictObject({}), create: () => falling({ schema: memory }) }),
    defineTemperature({ type: 'without-schema', options: z.strictObject({}), create: () => falling({}) }),
    defineWeighting({
      type: 'counting',
      options: z.strictObject({}),
      create: () => ({
        scalars: (_at, state) => ({ soft: 0.7 * (state as { n: number }).n, hard: 0.3 }),
        state: { initial: { n: 1 }, observe: (state) => ({ n: (state as { n: number }).n + 1 }) },
      }),
    }),
  ],
});
const growing = defineLoss({
  type: 'growing',
  options: z.strictObject({}),
  create: () => {
    const loss: Loss = ({ student, scalars }) => tf.mul(tf.mean(tf.square(student), -1), scalars?.['factor'] as tf.Scalar);
    const state: Loss['state'] = {
      initial: 1,
      schema: z.number().min(1),
      observe: (before, seen) => (before as number) + (seen['size'] ?? NaN),
    };
    const scalars: Loss['scalars'] = (_at, before) => ({ factor: before as number });
    return Object.assign(loss, { state, scalars, measure: ({ student }: LossInputs) => ({ size: tf.mean(tf.abs(student)) as tf.Scalar }) });
  },
});
const kit = createKit({ plugins: [basics, plugin, definePlugin({ name: 'losses', provides: [growing] })] });
const failure = (error: unknown): unknown => error;

async function run(changes: object, options: RunOptions): Promise<{ warnings: readonly string[]; weights: number[] }> {
  const { student, teacher, warnings } = await kit.run({ ...basicRun, ...changes } as never, { data: blobs(), ...options });
  const weights = student.parameters.flatMap((variable) => [...variable.dataSync()]);
  student.dispose();
  teacher?.dispose();
  return { warnings, weights };
}

/** A store of a run that was stopped, which looks at its checkpoints from the newest to the oldest as one on a disk does. */
async function stopped(changes: object): Promise<ReturnType<typeof memoryStore> & RunStore> {
  const store = memoryStore();
  const checkpoints = store.checkpoints as CheckpointStore;
  const latest: CheckpointStore['latest'] = async (warn, check) => {
    for (const found of [...store.written].reverse()) {
      try {
        check?.(found);
        return structuredClone(found);
      } catch (error) {
        warn(`skipped: ${(error as Error).message}`);
      }
    }
    throw new Error('none is left');
  };
  const looking = Object.assign(store, { checkpoints: { ...checkpoints, latest } });
  await expect(run(changes, stoppingAfter(20, looking) as RunOptions)).rejects.toMatchObject({ code: 'run/stopped' });
  expect(store.written.length).toBeGreaterThan(1);
  return looking;
}

interface State {
  readonly fit: { readonly strategies: Record<string, Json> };
}
const remember = (store: { written: { state: Json }[] }, side: string, content: Json): void => {
  const { fit } = store.written.at(-1)?.state as unknown as State;
  fit.strategies[side] = content;
};

describe('checkpoints with a state that their strategy refuses', () => {
  test.each<[string, 'temperature' | 'weighting', Json, string]>([
    ['with-schema', 'temperature', { value: -1 }, 'value: '],
    ['with-schema', 'temperature', { value: 2, more: 1 }, 'Unrecognized key'],
    ['with-schema', 'temperature', null, 'it: '],
    ['with-schema', 'temperature', 'text', 'it: '],
    ['without-schema', 'temperature', null, 'Cannot read'],
    ['without-schema', 'temperature', {}, 'must be a finite number'],
    ['without-schema', 'temperature', { value: -1 }, 'must be above 0'],
    ['without-schema', 'temperature', { value: '4' }, 'must be a finite number'],
    ['with-schema', 'weighting', { n: null, soft: 1 }, ''],
    ['with-schema', 'weighting', [], 'must be a finite number'],
  ])('a checkpoint is skipped when, %s, a %s has the state %j', async (type, side, content, reason) => {
    const changes = { temperature: { type }, weighting: { type: 'counting' } };
    const whole = await run(changes, withStore(memoryStore()) as RunOptions);
    const store = await stopped(changes);
    remember(store, side, content);
    const resuming = await run(changes, { ...withStore(store), resume: true } as RunOptions).catch(failure);
    if (reason === '') return expect(resuming).toMatchObject({ warnings: [] });
    expect(resuming).toMatchObject({ weights: whole.weights });
    expect((resuming as { warnings: string[] }).warnings).toEqual([
      expect.stringContaining(`skipped: what its ${side} remembers is not a memory of that strategy`),
    ]);
    expect((resuming as { warnings: string[] }).warnings[0]).toContain(reason);
  });
});

test('a changed strategy begins with its initial state when it refuses the saved one', async () => {
  const store = await stopped({ temperature: 4, weighting: { type: 'counting' } });
  const changed = { temperature: { type: 'with-schema' }, weighting: { type: 'counting' } };
  const { warnings } = await run(changed, { ...withStore(store), resume: { force: ['temperature', 'stages'] } } as RunOptions);
  expect(warnings).toEqual([expect.stringContaining('the changed temperature begins with its first state')]);
});

describe('losses with a state', () => {
  const changes = { temperature: 4, losses: { own: { type: 'growing' }, soft: { type: 'kl' } }, weighting: { own: 0.1, soft: 1 } };

  test('a loss observes its own measurements, and resumes with its state', async () => {
    const whole = await run(changes, {});
    const store = await stopped(changes);
    const { fit } = store.written.at(-1)?.state as unknown as { fit: { strategies: { losses: Record<string, number> } } };
    expect(Object.keys(fit.strategies.losses)).toEqual(['own']);
    expect(fit.strategies.losses['own']).toBeGreaterThan(1);
    expect((await run(changes, { ...withStore(store), resume: true } as RunOptions)).weights).toEqual(whole.weights);
  });

  test('a checkpoint is skipped when a loss refuses its state', async () => {
    const store = await stopped(changes);
    remember(store, 'losses', { own: -1 });
    const { warnings } = await run(changes, { ...withStore(store), resume: true } as RunOptions);
    expect(warnings).toEqual([expect.stringContaining('what its loss "own" remembers is not a memory of that strategy')]);
  });

  test('a checkpoint without the state of a new loss gives it its first state', async () => {
    const store = await stopped({ ...changes, losses: { ...changes.losses, own: { type: 'cross-entropy' } } });
    const state = store.written.at(-1)?.state as unknown as { fit: { strategies: { losses?: unknown } } };
    delete state.fit.strategies.losses;
    const { warnings } = await run(changes, { ...withStore(store), resume: { force: ['losses', 'stages'] } } as RunOptions);
    expect(warnings).toEqual([expect.stringContaining('the changed loss "own" begins with its first state')]);
  });
});
