import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkpointOf } from '../testing/checkpoints.js';
import { onOpen } from '../testing/on-open.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { writeCheckpoint } from './write-checkpoint.js';

/** Names what is flushed to the disk from now on. */
function watchFlushes(): string[] {
  const flushed: string[] = [];
  onOpen((file, path) => {
    const sync = file.sync.bind(file);
    file.sync = () => sync().then(() => void flushed.push(path));
  });
  return flushed;
}

test.skipIf(process.platform === 'win32')('the first checkpoint also flushes the parent folder, against a loss of power', async () => {
  const run = await temporaryFolder();
  const folder = join(run, 'checkpoints');
  const flushed = watchFlushes();
  await writeCheckpoint(folder, checkpointOf(1), { best: true });
  const places = flushed.map((path) => path.replace(run, '').replace(/\.checkpoint-.*\.tmp/, '…'));
  const files = ['arrays.safetensors', 'state.json', 'SHA256SUMS', 'best'].map((file) => `/checkpoints/…/${file}`);
  expect(places).toEqual([...files, '/checkpoints/…', '/checkpoints', '']);
  flushed.length = 0;
  await writeCheckpoint(folder, checkpointOf(2));
  expect(flushed).not.toContain(run);
});
