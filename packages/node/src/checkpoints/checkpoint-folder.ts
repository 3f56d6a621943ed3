import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { TemperError } from '@temper/core';
import { exists } from '../files/exists.js';
import { codeOf } from '@temper/tensorflow/system';
import { bestFile } from './checkpoint-files.js';

// More digits than any run needs: a number beyond them is not ours, and has none after it that a float could tell apart.
const named = /^checkpoint-(\d{6,9})$/;
const largest = 999_999_999;

const nameOf = (number: number): string => `checkpoint-${String(number).padStart(6, '0')}`;
const numberOf = (name: string | undefined): number => Number(named.exec(name ?? '')?.[1] ?? 0);

/** Names of the checkpoints in a folder, newest first; none where there is no folder. */
export async function listCheckpoints(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => named.test(name)).sort((a, b) => numberOf(b) - numberOf(a));
}

/** Gives a finished folder the next free number. A rename over a checkpoint fails, so two writers never share one. */
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

/** The name of the newest checkpoint that was the best when it was written. */
export async function bestOf(folder: string): Promise<string | undefined> {
  for (const name of await listCheckpoints(folder)) if (await exists(join(folder, name, bestFile))) return name;
  return undefined;
}
