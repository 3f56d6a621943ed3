import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, normalize } from 'node:path';
import { shellCommand } from '@temper/tensorflow/shell';
import { mistake } from '../config/mistake.js';

/** A run's folder, and what it is called in the report. */
export interface FoundRun {
  readonly name: string;
  readonly folder: string;
}

/** The runs that a report is about. */
export interface FoundRuns {
  readonly runs: readonly FoundRun[];
  /** The folder of the comparison that they belong to. */
  readonly comparison?: string;
}

/** Runs of one report. */
const mostRuns = 1000;
/** Ids of runs in a comparison: `VARIANT/seed-N`. Trainings of teachers and short runs of a budget are not compared. */
const runOfVariant = /^(?!teacher\/)\w[\w.-]*\/seed-\d+$/;

/**
 * Finds the runs that are named: names in the folder of runs, folders, or one comparison.
 * @throws TemperError `config/invalid` for a name that is none of these.
 */
export async function findRuns(given: readonly string[], runs: string): Promise<FoundRuns> {
  const found = given.map((name) => placeOf(name, runs));
  const comparison = found.find(({ kind }) => kind === 'comparison');
  if (comparison === undefined) return { runs: namedApart(unique(found.map(({ folder }) => folder)), runs) };
  if (found.length > 1) {
    throw mistake(`${comparison.folder} is a comparison, and a report has either runs or one comparison`, {
      hint: `Make a report of the comparison alone: ${shellCommand('report')} with its name and no other.`,
    });
  }
  return { comparison: comparison.folder, runs: await runsOf(comparison.folder) };
}

interface Place {
  readonly folder: string;
  readonly kind: 'run' | 'comparison';
}

function placeOf(name: string, runs: string): Place {
  for (const folder of [name, join(runs, name)].map(normalize)) {
    if (['config.json', 'run.json'].some((file) => existsSync(join(folder, file)))) return { folder, kind: 'run' };
    if (existsSync(join(folder, 'comparison.json'))) return { folder, kind: 'comparison' };
  }
  const isThere = existsSync(name) || existsSync(join(runs, name));
  throw mistake(`${name}: ${isThere ? 'is neither the folder of a run nor that of a comparison' : 'no run or comparison of this name'}`, {
    hint: isThere
      ? 'The folder of a run has a config.json, that of a comparison a comparison.json.'
      : `Give the name of a run in the folder ${runs}, its folder, or another folder of runs with --runs.`,
  });
}

const unique = (folders: readonly string[]): readonly string[] => {
  const all = [...new Set(folders.map((folder) => folder.replace(/[/\\]+$/, '')))];
  if (all.length <= mostRuns) return all;
  throw mistake(`${all.length} runs are too many for one report: at most ${mostRuns}`);
};

/** The last parts of the folders; of runs whose last parts are equal the whole folders. */
function namedApart(folders: readonly string[], runs: string): readonly FoundRun[] {
  const shortOf = (folder: string): string => basename(folder) || folder;
  const isUnique = new Set(folders.map(shortOf)).size === folders.length;
  const start = join(runs, '/');
  const named = (folder: string): string => (folder.startsWith(start) ? folder.slice(start.length) : folder);
  return folders.map((folder) => ({ folder, name: isUnique ? shortOf(folder) : named(folder) }));
}

/** The runs of a comparison, as its comparison.json names them. */
async function runsOf(folder: string): Promise<readonly FoundRun[]> {
  const file = join(folder, 'comparison.json');
  const ids = await readFile(file, 'utf8')
    .then((text) => Object.keys(JSON.parse(text) as object))
    .catch((error: unknown) => {
      throw mistake(`${file}: cannot be read: ${(error as Error).message}`, {
        hint: 'Give the same command of the comparison again: it writes the file.',
        cause: error,
      });
    });
  return ids
    .filter((id) => runOfVariant.test(id) && existsSync(join(folder, id, 'config.json')))
    .map((id) => ({ name: id, folder: join(folder, id) }));
}
