import { join } from 'node:path';
import { TemperError, type Checkpoint, type Json } from '@temper/core';
import { z } from 'zod';
import { fileError } from '@temper/tensorflow/system';
import { checkpointVersion, readVerified } from './checkpoint-files.js';
import { bestOf, listCheckpoints } from './checkpoint-folder.js';
import { nonFiniteArray } from './finite-arrays.js';
import { decodeSafetensors } from './safetensors.js';

const stateFormat = z.object({ format: z.literal('temper-checkpoint'), version: z.int().min(1), state: z.json() });

/** Throws for a checkpoint that cannot be used, with the reason. */
export type CheckpointCheck = (checkpoint: Checkpoint) => void;

/** A checkpoint that was found in a folder. */
export interface FoundCheckpoint extends Checkpoint {
  readonly name: string;
  /** Warnings about newer checkpoints that were damaged. */
  readonly warnings: readonly string[];
}

/**
 * Returns the newest complete checkpoint; damaged and incomplete ones are skipped with a warning. Undefined where there is none. A
 * checkpoint for which `check` throws is skipped like a damaged one.
 * @throws TemperError `data/invalid` where all checkpoints are damaged, or one is from a newer version.
 * @example const { arrays, state, warnings } = (await readLatestCheckpoint('runs/first/checkpoints')) ?? fresh;
 */
export async function readLatestCheckpoint(folder: string, check?: CheckpointCheck): Promise<FoundCheckpoint | undefined> {
  return firstWhole(folder, await list(folder), check);
}

/** Returns the checkpoint that was marked as the best, or undefined where there is none. Errors as for `readLatestCheckpoint`. */
export async function readBestCheckpoint(folder: string): Promise<FoundCheckpoint | undefined> {
  const best = await bestOf(folder);
  return firstWhole(
    folder,
    (await list(folder)).filter((name) => name === best),
  );
}

/** Returns whether a checkpoint can be read, by this version or by a newer one. */
export const isWhole = (folder: string): Promise<boolean> =>
  open(folder).then(
    () => true,
    () => false,
  );

async function firstWhole(folder: string, names: readonly string[], check?: CheckpointCheck): Promise<FoundCheckpoint | undefined> {
  const warnings: string[] = [];
  for (const name of names) {
    let found: Awaited<ReturnType<typeof open>>;
    try {
      found = await open(join(folder, name));
      if (!('newer' in found)) check?.(found);
    } catch (error) {
      warnings.push(`${name} is damaged and was skipped: ${error instanceof Error ? error.message : String(error)}`);
      continue;
    }
    if ('newer' in found) throw newer(join(folder, name), found.newer);
    return { name, ...found, warnings };
  }
  if (warnings.length === 0) return undefined;
  throw new TemperError({
    code: 'data/invalid',
    message: `no checkpoint in ${folder} is complete:\n  ${warnings.join('\n  ')}`,
    hint: 'Check the disk; the run must start again.',
    fault: 'run',
  });
}

async function open(folder: string): Promise<Checkpoint | { readonly newer: number }> {
  const files = await readVerified(folder);
  const written = stateFormat.safeParse(JSON.parse(Buffer.from(files.state).toString()));
  if (!written.success) throw new Error('its state is not that of a checkpoint');
  const { version, state } = written.data;
  if (version > checkpointVersion) return { newer: version };
  const { arrays } = decodeSafetensors(files.arrays);
  const bad = nonFiniteArray(arrays);
  if (bad !== undefined) throw new Error(`"${bad}" holds numbers that are not finite`);
  return { arrays, state: state as Json };
}

const newer = (folder: string, version: number): TemperError =>
  new TemperError({
    code: 'data/invalid',
    message: `${folder} is of format version ${version}; this version of Temper reads up to ${checkpointVersion}`,
    hint: 'Update Temper, or resume with the version that wrote it.',
  });

const list = (folder: string): Promise<string[]> =>
  listCheckpoints(folder).catch((error: unknown) => Promise.reject(fileError('read', folder, error)));
