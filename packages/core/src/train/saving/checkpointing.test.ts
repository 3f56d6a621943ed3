import '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import type { Checkpoint, CheckpointStore } from '../../contracts/checkpoint.js';
import type { Reporter, RunStore } from '../../contracts/events.js';
import { expectNoLeakedTensors } from '@temper/testing';
import { run } from '../fixtures/fixture-run.js';
import { recorder } from '../fixtures/basic-run.js';
import { memoryStore, withStore } from '../fixtures/memory-store.js';

/** A store whose disk fails, at the checkpoints that it is told. */
function failingAt(fails: (count: number) => boolean): RunStore & { readonly written: Checkpoint[] } {
  const store = memoryStore();
  const checkpoints = store.checkpoints as CheckpointStore;
  let count = 0;
  const write: CheckpointStore['write'] = async (...given) => {
    const failing = fails(++count);
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (failing) throw new Error('disk full');
    return checkpoints.write(...given);
  };
  return { ...store, checkpoints: { ...checkpoints, write } };
}

const alone = { teacher: undefined, losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 } };
const stopAt = (update: number): Reporter => ({
  name: 'stop',
  report: (event, { stop }) => void (event.type === 'steps' && event.step === update && stop('enough')),
});
const hintOf = (promise: Promise<unknown>): Promise<string | undefined> =>
  promise.then(
    () => undefined,
    (error: { details: { hint: string } }) => error.details.hint,
  );

test('a stop whose checkpoint cannot be written does not report that all was kept', async () => {
  await expectNoLeakedTensors(async () => {
    const store = failingAt((count) => count === 2);
    const hint = await hintOf(run(alone, { ...withStore(store), reporters: [stopAt(6)] }));
    expect(hint).toContain('since the last checkpoint in memory could not be saved');
    expect(store.written).toHaveLength(1);
  });
  const kept = await hintOf(run(alone, { ...withStore(failingAt(() => false)), reporters: [stopAt(6)] }));
  expect(kept).toContain('The training so far is saved in memory');
});

test('state saved after a failed checkpoint is written once', async () => {
  const store = failingAt((count) => count === 1);
  const seen = recorder();
  await hintOf(run({ ...alone, checkpoints: { every: { steps: 1 } } }, { ...withStore(store), reporters: [seen, stopAt(2)] }));
  expect(seen.of('checkpoint').map(({ step }) => step)).toEqual([2]);
});
