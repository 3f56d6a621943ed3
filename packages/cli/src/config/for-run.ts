import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { configOf, type AnyDefinition, type Plugin } from '@temper/core';
import { readRunConfig } from '@temper/node';
import type { RunFlags } from '../flags.js';
import { dataFrom } from './data.js';
import { defaultConfig } from './find.js';
import { loadConfig, type LoadedConfig } from './load.js';
import { mistake } from './mistake.js';
import { applySetting, parseSetting } from './set.js';

/** A config file with all changes of the command line. */
export interface ConfigForRun {
  readonly plugins: readonly (Plugin | AnyDefinition)[];
  /** The config of the working folder, where no file is named. */
  readonly found?: string;
  /** Whether it is the stored config of a resumed run: plain JSON, without plug-ins. */
  readonly isStored: boolean;
  /** The folders from which its relative paths start, before the working folder. */
  readonly folders: readonly string[];
  /** Applies the changes; names of data sets are those of the kit. */
  complete(dataSets: readonly string[]): Promise<Readonly<Record<string, unknown>>>;
}

/** Reads the config of a run: the named one, the one in this folder, or the one with which a resumed run was started. */
export async function configForRun(path: string | undefined, flags: RunFlags): Promise<ConfigForRun> {
  const { resume, name = resume, data, set, deterministic } = flags;
  checkResume(flags);
  const found = path === undefined ? defaultConfig() : undefined;
  const isStored = resume !== undefined && found === undefined && (path === undefined || isConfigOf(path, flags.runs, resume));
  const { plugins, config, folders } = isStored ? { plugins: [], ...(await readRunConfig(flags.runs, resume)) } : await fileConfig(path);
  return {
    plugins,
    ...(found === undefined ? {} : { found: relative('', found) }),
    isStored,
    folders,
    async complete(dataSets) {
      const settings = set.map(parseSetting);
      // Settings of the data apply to those of `--data` too: the comment mark of a table decides whether a file is one.
      const ofData = settings.filter(({ path }) => path[0] === 'data' && path.length > 1).reduce(applySetting, config)['data'];
      const given = {
        ...config,
        ...(data === undefined
          ? {}
          : { data: await dataFrom(folders.length === 0 ? data : fromHere(data), dataSets, configOf(ofData) ?? ofData) }),
        ...(name === undefined ? {} : { name }),
        ...(deterministic === true ? { deterministic } : {}),
      };
      return settings.reduce(applySetting, given);
    },
  };
}

/** Resolves a path on the command line from the working folder, wherever the config is. */
export const fromHere = (given: string): string => (existsSync(given) ? resolve(given) : given);

/** Reads a config file, whose relative paths start from its own folder. */
async function fileConfig(path: string | undefined): Promise<LoadedConfig & Pick<ConfigForRun, 'folders'>> {
  const loaded = await loadConfig(path);
  const folder = relative('', dirname(loaded.file));
  return { ...loaded, folders: folder === '' ? [] : [folder] };
}

/** Returns whether a path is that of a run's stored config: a copy, whose relative paths do not start there. */
const isConfigOf = (path: string, runs: string, name: string): boolean => resolve(path) === resolve(configOfRun(runs, name));

/** Returns the path of a run's own config. */
export const configOfRun = (runs: string, name: string): string => join(runs, name, 'config.json');

function checkResume({ resume, name, force, allow }: RunFlags): void {
  if (resume !== undefined && name !== undefined && name !== resume) {
    throw mistake(`--name ${name} and --resume ${resume} name two runs`, { hint: 'Remove --name: a resumed run keeps its name.' });
  }
  if (resume === undefined && (force === true || allow.length > 0)) {
    throw mistake(`--${force === true ? 'force' : 'allow'} needs --resume`, { hint: 'Name the run to resume: --resume NAME.' });
  }
}
