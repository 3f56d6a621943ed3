import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { TemperError } from '@temper/core';
import { exists } from '../files/exists.js';
import { codeOf } from '@temper/tensorflow/system';
import { bestFile } from './checkpoint-files.js';

// More digits than any run needs: a larger number is not from Temper, and floats could not represent its successor.
const named = /^checkpoint-(\d{6,9})$/;
const largest = 999_999_999;

const nameOf = (number: number): string => `checkpoint-${String(number).padStart(6, '0')}`;
const numberOf = (name: string | undefined): number => Number(named.exec(name ?? '')?.[1] ?? 0);

/** Returns the names of the checkpoints in a folder, newest first; empty where the folder does not exist. */
export async function listCheckpoints(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => named.test(name)).sort((a, b) => numberOf(b) - numberOf(a));
}

/** Moves a finished folder to the next free number. A rename over a checkpoint fails, so two writers never share a number. */
export async function moveIntoPlace(finished: string, folder: string): Promise<string> {
  const [newest] = await listCheckpoints(folder);
  for (let number = numberOf(newest) + 1; number <= largest; number++) {
    const place = join(folder, nameOf(number));
    try {
      await rename(finished, place);
      return nameOf(number);
    } catch (error) {
      if (!(await exists(place))) throw error;
    }
  }
  throw new TemperError({
    code: 'environment/files',
    fault: 'run',
    message: `${folder} has no number left after ${nameOf(largest)}`,
    hint: 'Move checkpoints with such numbers away.',
  });
}

/** Returns the name of the newest checkpoint that was the best when it was written. */
export async function bestOf(folder: string): Promise<string | undefined> {
  for (const name of await listCheckpoints(folder)) if (await exists(join(folder, name, bestFile))) return name;
  return undefined;
}
