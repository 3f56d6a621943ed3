import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, test } from 'vitest';
import type { Checkpoint, CheckpointStore, HostArray } from '../../contracts/checkpoint.js';
import type { RunStore } from '../../contracts/events.js';
import type { RunOptions } from '../../contracts/run.js';
import { run } from '../fixtures/fixture-run.js';
import { memoryStore, stopAfter, withStore } from '../fixtures/memory-store.js';

const keepBest = { keep: 'best', teacher: { model: { type: 'dense' }, train: { epochs: 2, keep: 'best' } } };

/** The store of a run that was stopped; `change` changes what it gives out. */
async function stopped(updates: number, change: (checkpoint: Checkpoint) => Checkpoint): Promise<RunStore> {
  const store = memoryStore();
  expect(await stopAfter(keepBest, store, updates, false)).toBe(false);
  const checkpoints = store.checkpoints as CheckpointStore;
  const changed = (found: Checkpoint | undefined): Checkpoint | undefined => (found === undefined ? undefined : change(found));
  return {
    ...store,
    records: store.lines.length,
    checkpoints: {
      ...checkpoints,
      latest: async (...given) => changed(await checkpoints.latest(...given)),
      get: async (...given) => changed(await checkpoints.get(...given)),
    },
  };
}

const resumed = (store: RunStore): Promise<unknown> =>
  run(keepBest, { ...withStore(store), resume: true } as RunOptions).catch((error: unknown) => error);
const asInt = ({ shape, data }: HostArray): HostArray => ({ dtype: 'int32', shape, data: Int32Array.from(data) });

describe('arrays of a checkpoint', () => {
  test.each<[string, (arrays: Record<string, HostArray>) => Record<string, HostArray>, RegExp]>([
    [
      'of another type',
      (arrays) => ({ ...arrays, 'network/1': asInt(arrays['network/1'] as HostArray) }),
      /has the array int32\[3\] "network\/1", and the run needs float32\[3\]/,
    ],
    [
      'of another shape',
      (arrays) => ({ ...arrays, 'network/1': { dtype: 'float32', shape: [1], data: Float32Array.of(1) } }),
      /has the array float32\[1\] "network\/1", and the run needs float32\[3\]/,
    ],
    ['that is missing', ({ 'network/1': _, ...rest }) => rest, /has no array "network\/1", and the run needs float32\[3\]/],
    ['of the best weights that is missing', ({ 'best/1': _, ...rest }) => rest, /has no array "best\/1", and the run needs float32\[3\]/],
    [
      'of the best weights of another type',
      (arrays) => ('best/1' in arrays ? { ...arrays, 'best/1': asInt(arrays['best/1']) } : arrays),
      /has the array int32\[3\] "best\/1"/,
    ],
  ])('an array %s is refused, and no tensors are left', async (_, change, message) => {
    const store = await stopped(14, (checkpoint) => ({ ...checkpoint, arrays: change({ ...checkpoint.arrays }) }));
    const before = tf.memory().numTensors;
    expect(await resumed(store)).toMatchObject({ name: 'TemperError', code: 'run/changed', message: expect.stringMatching(message) });
    expect(tf.memory().numTensors).toBe(before);
  });
});

test("a damaged record of the teacher's stop is ignored with a warning", async () => {
  const whole = await run(keepBest);
  const store = await stopped(14, (checkpoint) =>
    'stops' in (checkpoint.state as object) ? { ...checkpoint, state: { stops: [{ step: 'x' }] } } : checkpoint,
  );
  const { result, weights } = (await resumed(store)) as Awaited<ReturnType<typeof run>>;
  expect(result.warnings.join()).toContain('the record of what ended the training of "teacher" is damaged and is ignored');
  expect(result.stops).toEqual([]);
  expect(weights).toEqual(whole.weights);
});
