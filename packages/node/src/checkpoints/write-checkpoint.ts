import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TemperError, type Checkpoint } from '@temper/core';
import { flushFolder } from '../store/durable.js';
import { fileError } from '@temper/tensorflow/system';
import { makeFolders } from '../store/make-folders.js';
import { arraysFile, bestFile, checkpointVersion, formatSums, stateFile, sumsFile, writeHashed } from './checkpoint-files.js';
import { moveIntoPlace } from './checkpoint-folder.js';
import { checkFinite } from './finite-arrays.js';
import { removeOld } from './remove-old.js';
import { encodeSafetensors } from './safetensors.js';
import { wholeCheckpoints, type WholeCheckpoints } from './whole-checkpoints.js';

/** Which earlier checkpoints are kept. */
export interface KeepOptions {
  /**
   * The number of newest complete checkpoints to keep; damaged ones do not count. Default 3; with 1 there is no replacement when the
   * newest is damaged.
   */
  readonly keep?: number;
  /** Marks this checkpoint as the best so far, which is kept until a better one is marked. */
  readonly best?: boolean;
  /** The known complete checkpoints of the folder; default none, so that the checkpoints to keep are read back. */
  readonly whole?: WholeCheckpoints;
  /** A parent folder that has to exist. Default: missing folders are made. */
  readonly within?: string;
}

/**
 * Writes a checkpoint into a folder of its own, `checkpoint-000001` and so on: `arrays.safetensors`, `state.json` and their
 * SHA-256 sums. All of it is on the disk before the folder gets its name, so a checkpoint is there whole or not at all;
 * then older ones are removed. The arrays must not change until the promise resolves, and one call should end
 * before the next. The event loop is held for a few milliseconds at a time.
 * @returns the checkpoint's name.
 * @throws TemperError `environment/files` with the reason, earlier checkpoints are as they were;
 * `data/invalid` for arrays that contradict their shape and for state that JSON cannot hold; `run/non-finite` for arrays that are not
 * finite.
 * @example
 * const arrays = { kernel: { dtype: 'float32', shape: [2], data } };
 * await writeCheckpoint('runs/first/checkpoints', { arrays, state: { step: 10 } }, { keep: 2 });
 */
export async function writeCheckpoint(
  folder: string,
  { arrays, state }: Checkpoint,
  { keep = 3, best = false, whole = wholeCheckpoints(folder), within }: KeepOptions = {},
): Promise<string> {
  checkFinite(arrays, 'the checkpoint');
  const parts = encodeSafetensors(arrays);
  const text = Buffer.from(`${JSON.stringify({ format: 'temper-checkpoint', version: checkpointVersion, state }, onlyFinite)}\n`);
  const temporary = join(folder, `.checkpoint-${randomUUID()}.tmp`);
  try {
    const isNew = await makeFolders(folder, within);
    await mkdir(temporary);
    const sums = {
      [arraysFile]: await writeHashed(join(temporary, arraysFile), parts),
      [stateFile]: await writeHashed(join(temporary, stateFile), [text]),
    };
    await writeHashed(join(temporary, sumsFile), [Buffer.from(formatSums(sums))]);
    if (best) await writeHashed(join(temporary, bestFile), []);
    await flushFolder(temporary);
    const name = await moveIntoPlace(temporary, folder);
    await flushFolder(folder);
    if (isNew) await flushFolder(dirname(folder));
    await whole.add(name);
    await removeOld(folder, Math.max(1, keep), whole);
    return name;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw fileError('write a checkpoint in', folder, error, 'run');
  }
}

/** Refuses numbers that JSON would silently turn into null. */
function onlyFinite(key: string, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  throw new TemperError({
    code: 'data/invalid',
    message: `a checkpoint's state cannot hold ${value} (at "${key}"), which JSON cannot represent`,
    fault: 'run',
  });
}
