import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { shellCommand } from '@temper/tensorflow/shell';
import { mistake } from './mistake.js';

/** Names of config files in the working folder, in the order of the search, where no config is named. */
export const defaultNames = ['temper.config.ts', 'temper.config.js', 'temper.config.mjs', 'temper.config.json'] as const;

/** Returns the config in the working folder, or undefined. */
export const defaultConfig = (): string | undefined => defaultNames.map((name) => resolve(name)).find((path) => existsSync(path));

/** Returns the absolute path of the named config, or of the one in the working folder. */
export function findConfig(given?: string): string {
  if (given !== undefined) return resolve(given);
  const found = defaultConfig();
  if (found !== undefined) return found;
  throw mistake(`no config is given, and ${process.cwd()} contains none of ${defaultNames.join(', ')}`, {
    hint: `Name one (${shellCommand('run path/to/config.json')}), or write a temper.config.ts that exports defineDistillation({ … }).`,
  });
}
