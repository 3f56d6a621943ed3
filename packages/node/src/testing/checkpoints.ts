import { readdir } from 'node:fs/promises';
import type { Checkpoint } from '@temper/core';
import { readLatestCheckpoint } from '../checkpoints/read-checkpoint.js';
import { writeCheckpoint } from '../checkpoints/write-checkpoint.js';

/** A checkpoint that says in every number which step it is of. */
export const checkpointOf = (step: number, size = 1000): Checkpoint => ({
  arrays: {
    kernel: { dtype: 'float32', shape: [size, 1], data: new Float32Array(size).fill(step) },
    counter: { dtype: 'int32', shape: [], data: Int32Array.of(step) },
  },
  state: { step, inner: { best: step / 3, text: '✓' } },
});

/** The step of the newest whole one. */
export const stepOf = async (folder: string): Promise<number | undefined> =>
  ((await readLatestCheckpoint(folder))?.state as { step: number } | undefined)?.step;
/** What a folder holds. */
export const visible = async (folder: string): Promise<string[]> => (await readdir(folder)).sort();

/** Writes these steps, and gives the names of their checkpoints. */
export async function written(folder: string, steps: readonly number[], keep = 3): Promise<string[]> {
  const names: string[] = [];
  for (const step of steps) names.push(await writeCheckpoint(folder, checkpointOf(step), { keep }));
  return names;
}
