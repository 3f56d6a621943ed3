import { readdir } from 'node:fs/promises';
import type { Checkpoint } from '@temper/core';
import { readLatestCheckpoint } from '../checkpoints/read-checkpoint.js';
import { writeCheckpoint } from '../checkpoints/write-checkpoint.js';

/** Returns a checkpoint in which every number encodes its step. */
export const checkpointOf = (step: number, size = 1000): Checkpoint => ({
  arrays: {
    kernel: { dtype: 'float32', shape: [size, 1], data: new Float32Array(size).fill(step) },
    counter: { dtype: 'int32', shape: [], data: Int32Array.of(step) },
  },
  state: { step, inner: { best: step / 3, text: '✓' } },
});

/** Returns the step of the newest complete checkpoint. */
export const stepOf = async (folder: string): Promise<number | undefined> =>
  ((await readLatestCheckpoint(folder))?.state as { step: number } | undefined)?.step;
/** Lists the visible files of a folder. */
export const visible = async (folder: string): Promise<string[]> => (await readdir(folder)).sort();

/** Writes checkpoints of these steps, and returns their names. */
export async function written(folder: string, steps: readonly number[], keep = 3): Promise<string[]> {
  const names: string[] = [];
  for (const step of steps) names.push(await writeCheckpoint(folder, checkpointOf(step), { keep }));
  return names;
}
