import { join, relative } from 'node:path';
import { configOf, type AnyDefinition, type Plugin } from '@temper/core';
import type { RunFlags } from '../commands/run.js';
import { dataFrom } from './data.js';
import { defaultConfig } from './find.js';
import { loadConfig } from './load.js';
import { mistake } from './mistake.js';
import { applySetting, parseSetting } from './set.js';

/** A config file with everything that the command line changes of it. */
export interface ConfigForRun {
  readonly plugins: readonly (Plugin | AnyDefinition)[];
  /** The file, where nobody has named it: the config of the working folder. */
  readonly found?: string;
  /** Whether it is the one that a resumed run keeps: plain JSON, without plug-ins. */
  readonly isStored: boolean;
  /** Applies the changes; names of data sets are those of the kit. */
  complete(dataSets: readonly string[]): Promise<Readonly<Record<string, unknown>>>;
}

/** Reads the config of a run: the one named, the one in this folder, or the one that a resumed run was started with. */
export async function configForRun(path: string | undefined, flags: RunFlags): Promise<ConfigForRun> {
  const { resume, name = resume, data, set, deterministic } = flags;
  checkResume(flags);
  const found = path === undefined ? defaultConfig() : undefined;
  const stored = resume !== undefined && found === undefined ? configOfRun(flags.runs, resume) : undefined;
  const { plugins, config } = await loadConfig(path ?? stored);
  return {
    plugins,
    ...(found === undefined ? {} : { found: relative('', found) }),
    isStored: stored !== undefined,
    async complete(dataSets) {
      const given = {
        ...config,
        ...(data === undefined ? {} : { data: await dataFrom(data, dataSets, configOf(config['data']) ?? config['data']) }),
        ...(name === undefined ? {} : { name }),
        ...(deterministic === true ? { deterministic } : {}),
      };
      return set.map(parseSetting).reduce(applySetting, given);
    },
  };
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
