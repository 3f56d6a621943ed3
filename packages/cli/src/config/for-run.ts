import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { configOf, type AnyDefinition, type Plugin } from '@temper/core';
import { readRunConfig } from '@temper/node';
import type { RunFlags } from '../commands/run.js';
import { dataFrom } from './data.js';
import { defaultConfig } from './find.js';
import { loadConfig, type LoadedConfig } from './load.js';
import { mistake } from './mistake.js';
import { applySetting, parseSetting } from './set.js';

/** A config file with everything that the command line changes of it. */
export interface ConfigForRun {
  readonly plugins: readonly (Plugin | AnyDefinition)[];
  /** The file, where nobody has named it: the config of the working folder. */
  readonly found?: string;
  /** Whether it is the one that a resumed run keeps: plain JSON, without plug-ins. */
  readonly isStored: boolean;
  /** Where relative paths in it start from, before the working folder. */
  readonly folders: readonly string[];
  /** Applies the changes; names of data sets are those of the kit. */
  complete(dataSets: readonly string[]): Promise<Readonly<Record<string, unknown>>>;
}

/** Reads the config of a run: the one named, the one in this folder, or the one that a resumed run was started with. */
export async function configForRun(path: string | undefined, flags: RunFlags): Promise<ConfigForRun> {
  const { resume, name = resume, data, set, deterministic } = flags;
  checkResume(flags);
  const found = path === undefined ? defaultConfig() : undefined;
  const stored = resume !== undefined && found === undefined ? configOfRun(flags.runs, resume) : undefined;
  const { file, plugins, config } = resume !== undefined && path === undefined && stored !== undefined ? await storedConfig(flags.runs, resume) : await loadConfig(path);
  // A run's folder holds a copy of the config, whose paths do not start there.
  const folder = stored === undefined ? relative('', dirname(file)) : '';
  return {
    plugins,
    ...(found === undefined ? {} : { found: relative('', found) }),
    isStored: stored !== undefined,
    folders: folder === '' ? [] : [folder],
    async complete(dataSets) {
      const given = {
        ...config,
        ...(data === undefined ? {} : { data: await dataFrom(folder === '' ? data : fromHere(data), dataSets, configOf(config['data']) ?? config['data']) }),
        ...(name === undefined ? {} : { name }),
        ...(deterministic === true ? { deterministic } : {}),
      };
      return set.map(parseSetting).reduce(applySetting, given);
    },
  };
}

/** A path on the command line starts from the working folder, wherever the config is. */
const fromHere = (given: string): string => (existsSync(given) ? resolve(given) : given);

/** The config that a run keeps: plain JSON, without plug-ins. */
async function storedConfig(runs: string, name: string): Promise<LoadedConfig> {
  return { file: resolve(configOfRun(runs, name)), plugins: [], config: await readRunConfig(runs, name) };
}

/** Where a run's own config is. */
export const configOfRun = (runs: string, name: string): string => join(runs, name, 'config.json');

function checkResume({ resume, name, force, allow }: RunFlags): void {
  if (resume !== undefined && name !== undefined && name !== resume) {
    throw mistake(`--name ${name} and --resume ${resume} name two runs`, { hint: 'Leave --name out: a resumed run keeps its name.' });
  }
  if (resume === undefined && (force === true || allow.length > 0)) {
    throw mistake(`--${force === true ? 'force' : 'allow'} goes with --resume`, { hint: 'Name the run to go on with: --resume NAME.' });
  }
}
