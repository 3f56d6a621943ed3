import { existsSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { builtInComparisons, comparisonSchema, type Comparison } from '@temper/experiments';
import { explainIssue, fromIssues, unknownName } from '@temper/core';
import { shellCommand } from '@temper/tensorflow/shell';
import type { CompareFlags } from '../flags.js';
import { defaultNames, findConfig } from '../config/find.js';
import { mistake } from '../config/mistake.js';
import { importModule } from '../config/module.js';
import { readText } from '../config/read-text.js';

const comparisonNames = ['temper.compare.ts', 'temper.compare.js', 'temper.compare.mjs', 'temper.compare.json'] as const;

/** A comparison, and the file with the config of its variants. */
export interface ReadComparison {
  readonly comparison: Comparison;
  readonly configFile: string;
}

/**
 * Reads a comparison: the named file, or the temper.compare file of the working folder; options of the command line override it.
 * @throws TemperError `config/invalid` for a file that is absent or invalid, with all its mistakes.
 */
export async function readComparison(path: string | undefined, flags: CompareFlags): Promise<ReadComparison> {
  const { name, seeds, sample, budget, builtin } = flags;
  if (builtin !== undefined) return readBuiltIn(builtin, path, flags);
  const file = path === undefined ? comparisonNames.map((one) => resolve(one)).find((one) => existsSync(one)) : resolve(path);
  if (file === undefined) {
    throw mistake(`no comparison is named, and there is none of ${comparisonNames.join(', ')} in ${process.cwd()}`, {
      hint: `Write one as docs/experiments.md says, or begin with ${shellCommand('compare --builtin schedule-vs-constant')}.`,
    });
  }
  const written = await read(file);
  const comparison = checked(written, { name, seeds, sample, budget });
  return { comparison, configFile: flags.config === undefined ? configOf(file, comparison.config) : resolve(flags.config) };
}

function readBuiltIn(builtin: string, path: string | undefined, { name, seeds, sample, budget, config }: CompareFlags): ReadComparison {
  if (path !== undefined) {
    throw mistake(`--builtin ${builtin} and ${path} are two comparisons`, {
      hint: `Name the config of the variants with --config ${path}.`,
    });
  }
  const found = Object.hasOwn(builtInComparisons, builtin) ? builtInComparisons[builtin] : undefined;
  if (found === undefined) throw mistake(unknownName('comparison', builtin, Object.keys(builtInComparisons)));
  return { comparison: checked(found, { name, seeds, sample, budget }), configFile: findConfig(config) };
}

/** Checks a comparison with the overrides of the command line. */
function checked(
  written: unknown,
  over: { readonly [Name in 'name' | 'seeds' | 'sample' | 'budget']: CompareFlags[Name] | undefined },
): Comparison {
  const set = Object.fromEntries(Object.entries(over).filter(([, value]) => value !== undefined));
  const given = typeof written === 'object' && written !== null ? { ...written, ...set } : written;
  const parsed = comparisonSchema.safeParse(given, { error: explainIssue, reportInput: true });
  if (!parsed.success) throw fromIssues(parsed.error.issues, [], 'comparison');
  return parsed.data;
}

async function read(file: string): Promise<unknown> {
  const text = await readText(file, 'Name a comparison: a .ts, .js, .mjs or .json file.');
  if (extname(file) !== '.json') return importModule(file);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    throw mistake(`${file}: is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** Returns the config file of a comparison: the named one, relative to its own folder, or the temper.config file next to it. */
function configOf(file: string, named: string | undefined): string {
  const folder = dirname(file);
  if (named !== undefined) return resolve(folder, named);
  const found = defaultNames.map((one) => join(folder, one)).find((one) => existsSync(one));
  if (found !== undefined) return found;
  throw mistake(`names no config, and there is none of ${defaultNames.join(', ')} beside it (${file})`, {
    path: 'config',
    hint: 'Name it in the comparison under config, or on the command line with --config FILE.',
  });
}
