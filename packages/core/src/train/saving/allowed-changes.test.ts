import '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import { run } from '../fixtures/fixture-run.js';
import { memoryStore, withStore } from '../fixtures/memory-store.js';

test('a change that all stages inherit is allowed by its name without `stages`', async () => {
  const store = memoryStore();
  await run({ keep: 'last' }, withStore(store));
  const longer = { keep: 'last', epochs: 6, batchSize: 8 };
  await expect(run(longer, { ...withStore(store), resume: { force: ['epoch', 'batch', 'stages[1]'] } })).rejects.toMatchObject({
    code: 'run/changed',
  });
  const { result } = await run(longer, { ...withStore(store), resume: { force: ['epochs', 'batchSize'] } });
  expect(result.steps).toBeGreaterThan(24);
});
