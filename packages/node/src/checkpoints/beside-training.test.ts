import '@tensorflow/tfjs-node';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createKit, type DataSet, type Reporter } from '@temper/core';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { expect, test } from 'vitest';
import { node } from '../plugin.js';
import { blobs } from '../../../../fixtures/blobs.js';
import { onOpen } from '../testing/on-open.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { readLatestCheckpoint } from './read-checkpoint.js';

/** Makes the disk slow at the arrays of checkpoints: each is flushed only when `disk` is done with it. */
function slowDisk(disk: () => Promise<void>): void {
  onOpen((file, path) => {
    if (!/checkpoints.\.checkpoint-.*arrays\.safetensors$/.test(path)) return;
    const sync = file.sync.bind(file);
    file.sync = () => disk().then(sync);
  });
}

test('training continues during a slow checkpoint, and the run waits for the last', {
  timeout: 60_000,
}, async () => {
  const runs = await temporaryFolder();
  const log: string[] = [];
  const [epochs, batchSize] = [4, 8];
  const splits = blobs();
  let [writings, epoch, update] = [0, 0, 0];
  let trained = (): void => undefined;

  // The disk waits for updates, where any are left: a loop that waited for its checkpoint would make none however long it took.
  slowDisk(async () => {
    log.push('writing');
    writings += 1;
    await Promise.race([new Promise<void>((resolve) => (trained = resolve)), wait(writings < epochs ? 3000 : 300)]);
    log.push('written');
  });
  // The second update of an epoch waits until writing what the last one ended with has begun: tiny updates would be over before.
  const train: DataSet = {
    ...splits.train,
    inMemory: false,
    async batch(indices) {
      // Batches are asked for before they are needed.
      const own = ++update;
      while (own === 2 && writings < epoch - 1) await wait(1);
      return splits.train.batch(indices);
    },
  };
  const observer: Reporter = {
    name: 'observer',
    report({ type }) {
      log.push(type);
      if (type === 'epoch-start') [epoch, update] = [epoch + 1, 0];
      if (type === 'steps') trained();
    },
  };
  const kit = createKit({ plugins: [losses, models, node({ runs })] });
  const { student, steps } = await kit.run(
    {
      name: 'slow',
      epochs,
      batchSize,
      student: { model: { type: 'mlp', hidden: [4] } },
      losses: { hard: { type: 'cross-entropy' } },
      weighting: { hard: 1 },
      temperature: 1,
    },
    { data: { ...splits, train }, reporters: [observer] },
  );
  student.dispose();

  const during = log
    .join(' ')
    .split('writing')
    .slice(1)
    .map((text) => text.split('written'));
  expect(during).toHaveLength(epochs);
  for (const [meanwhile] of during.slice(0, -1)) expect(meanwhile).toContain(' steps ');
  expect(during.at(-1)?.[1]?.trim()).toBe('checkpoint evaluation run-end');
  expect(await readLatestCheckpoint(join(runs, 'slow', 'checkpoints'))).toMatchObject({
    state: { fit: { updates: steps, epochs } },
    warnings: [],
  });
});
