import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { expect } from 'vitest';
import { libraryKey } from '../setup/library.js';
import { setUp } from '../setup/setup-backend.js';
import type { SetupContext } from '../setup/ways.js';

export const key = libraryKey('2.20.0', 'linux-x64');

/** Returns a machine where only the programs of one folder can be found. */
export const withOnly = (context: SetupContext, bin: string): SetupContext => ({ ...context, env: { PATH: bin } });

export const problemsOf = async (context: SetupContext): Promise<string> => {
  const report = await setUp(context);
  expect(report.native).toBe(false);
  return report.problems.map(({ message }) => message).join('\n');
};

/** Lists the files of the cache, without the lock. */
export const cached = async ({ cache }: SetupContext): Promise<string[]> => (existsSync(cache) ? readdir(cache) : []);
