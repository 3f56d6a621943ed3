import { join } from 'node:path';
import type { Json } from '@temper/core';
import { z } from 'zod';
import { readRegular } from '../files/read-regular.js';
import { prettyJson } from './durable.js';

/** The facts about a run that a resume needs besides its checkpoints, stored a second time next to `config.json`. */
export interface RunFile {
  readonly config: Json;
  /** Whether a checkpoint was ever written; if none exists, they were removed. */
  readonly checkpointed: boolean;
  /** The folders from which relative paths in the config start, before the working folder; relative to the run's folder. */
  readonly folders: readonly string[];
}

export const runFile = 'run.json';
export const configFile = 'config.json';

const format = z.object({
  format: z.literal('temper-run'),
  version: z.literal(1),
  checkpointed: z.boolean(),
  folders: z.array(z.string()).default([]),
  config: z.record(z.string(), z.json()),
});
const configFormat = z.record(z.string(), z.json());

export const runFileText = ({ config, checkpointed, folders }: RunFile): string =>
  prettyJson({ format: 'temper-run', version: 1, checkpointed, folders: [...folders], config });

/** The config of a run in its folder, with a warning where a copy is damaged; without a config where both copies are. */
export interface KeptConfig extends Omit<RunFile, 'config'> {
  readonly config?: Json;
  readonly warnings: readonly string[];
}

/** Reads the config that a run was started with: `config.json`, or where that is damaged its copy in `run.json`. */
export async function readKeptConfig(folder: string): Promise<KeptConfig> {
  const copy = await read(join(folder, runFile), format).catch(asError);
  const config = await read(join(folder, configFile), configFormat).catch(asError);
  const { checkpointed, folders } = copy instanceof Error ? { checkpointed: false, folders: [] } : copy;
  if (!(config instanceof Error))
    return {
      config,
      checkpointed,
      folders,
      warnings:
        copy instanceof Error ? [`${runFile} cannot be read (${copy.message}): it is not known whether checkpoints ` + `were removed`] : [],
    };
  if (copy instanceof Error)
    return { checkpointed, folders, warnings: [`neither ${configFile} nor its copy in ${runFile} can be read (${config.message})`] };
  return {
    config: copy.config,
    checkpointed,
    folders,
    warnings: [`${configFile} cannot be read (${config.message}); its copy in ${runFile} is used`],
  };
}

async function read<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const found = schema.safeParse(JSON.parse((await readRegular(path)).toString()));
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw new Error(`${issue?.path.join('.') || 'its content'}: ${issue?.message ?? 'is not valid'}`);
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
