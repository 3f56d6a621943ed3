import { join } from 'node:path';
import type { CheckpointStore } from '@temper/core';
import { checkNetworkName } from '../store/run-folder.js';
import { readLatestCheckpoint } from './read-checkpoint.js';
import { wholeCheckpoints } from './whole-checkpoints.js';
import { writeCheckpoint } from './write-checkpoint.js';

/**
 * A run's checkpoints in a folder: the newest `keep` whole ones and the newest best one, and under `done/NAME` what does not
 * change any more. With `within`, that folder has to be there at each write: a run whose folder was removed leaves nothing behind.
 * @example const { location } = await checkpointStore('runs/first/checkpoints', 2).write(checkpoint, { step: 100, best: true });
 */
export function checkpointStore(folder: string, keep: number, within?: string): CheckpointStore {
  const whole = wholeCheckpoints(folder);
  const place = within === undefined ? {} : { within };
  const part = (name: string): string => {
    checkNetworkName(name);
    return join(folder, 'done', name);
  };
  return {
    async write(checkpoint, { best }) {
      return { location: join(folder, await writeCheckpoint(folder, checkpoint, { keep, best, whole, ...place })) };
    },
    async latest(warn, check) {
      const found = await readLatestCheckpoint(folder, check);
      if (found === undefined) return undefined;
      found.warnings.forEach(warn);
      return { arrays: found.arrays, state: found.state };
    },
    async put(name, checkpoint) {
      // Written twice: no later checkpoint contains it, and the run cannot continue without it.
      for (let copy = 0; copy < 2; copy++) await writeCheckpoint(part(name), checkpoint, { keep: 2, ...place });
    },
    async get(name, warn) {
      const found = await readLatestCheckpoint(part(name));
      found?.warnings.forEach((warning) => warn?.(`${name}: ${warning}`));
      return found === undefined ? undefined : { arrays: found.arrays, state: found.state };
    },
  };
}
