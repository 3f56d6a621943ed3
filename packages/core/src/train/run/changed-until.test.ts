import '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import { run } from '../fixtures/fixture-run.js';
import { memoryStore, withStore } from '../fixtures/memory-store.js';

const stopping = { metric: 'accuracy', patience: 1, minDelta: 1 };
const config = (first: object, ...others: object[]) => ({ epochs: undefined, stages: [{ epochs: 4, ...first }, ...others] });

test('a run whose `until` changed trains on and reports the new end alone', async () => {
  const store = memoryStore();
  const short = await run(config({ until: stopping }), withStore(store));
  expect(short.result.steps).toBe(8);
  const more = config({ until: { ...stopping, patience: 2 } });
  const { result } = await run(more, { ...withStore(store), resume: { force: ['stages'] } });
  expect(result.steps).toBe(12);
  expect(result.stops).toMatchObject([{ rule: 'stages[0].until', step: 12 }]);
});

test('a changed stage is reported when it is finished, and not when it continues', async () => {
  const store = memoryStore();
  await run(config({ until: stopping }, { epochs: 1 }), withStore(store));
  const changed = config({ until: { ...stopping, patience: 2 } }, { epochs: 2 });
  const { result } = await run(changed, { ...withStore(store), resume: { force: ['stages'] } });
  expect(result.steps).toBe(16);
  expect(result.warnings).toEqual(['stages[0].until.patience: the run continues after this stage, so the change has no effect']);
});
