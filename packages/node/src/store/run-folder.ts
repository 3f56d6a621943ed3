import { readdir, rename, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { nearest, TemperError, type Json } from '@temper/core';
import { exists } from '../files/exists.js';
import { flushFolder } from './durable.js';
import { fileError, shellCommand } from '@temper/tensorflow/system';
import { makeFolders } from './make-folders.js';
import { isReserved } from './reserved.js';
import { readKeptConfig } from './run-file.js';
import { isTaken, writeFolder, type FolderFiles } from './replace-folder.js';
import { removeUnfinished, unfinishedName } from './unfinished.js';

const validName = /^\w[\w.-]*$/;
const longestName = 100;

/** Checks the name of a network, which no file of the run may have. */
export function checkNetworkName(name: string): void {
  checkName('network name', name);
  if (!isReserved(name)) return;
  throw new TemperError({
    code: 'config/invalid',
    path: 'name',
    message: `a network cannot be named "${name}": that name is reserved in the folder of a run`,
    hint: 'Choose another name.',
  });
}

/** Checks a name that a folder can have on every system, and that does not lead out of its parent. */
export function checkName(what: string, name: string): void {
  if (validName.test(name) && name.length <= longestName) return;
  throw new TemperError({
    code: 'config/invalid',
    path: 'name',
    message:
      `a ${what} must be of at most ${longestName} letters, digits, - _ and ., and start with none of - and ., got ` +
      `${JSON.stringify(name)}`,
    hint: 'A folder has this name.',
  });
}

/**
 * Makes the folder of a run, with these files in it, and gives its name. It is made under another name and moved to its
 * place, so it is there with its files or not at all, and of two runs that ask for a name at once one gets it.
 * Without a name it is the first free one of `distil-1`, `distil-2`, …
 * @throws TemperError `run/exists` where the name is taken; `environment/files` where no folder can be made.
 */
export async function createRunFolder(root: string, name: string | undefined, files: FolderFiles): Promise<string> {
  if (name !== undefined) checkName('run name', name);
  const fresh = join(root, await unfinishedName());
  try {
    await makeFolders(resolve(root));
    await removeUnfinished(root);
    await writeFolder(fresh, files);
    const taken = name === undefined ? await firstFree(fresh, root, 'distil') : (await moveTo(fresh, join(root, name))) ? name : undefined;
    await flushFolder(root);
    if (taken !== undefined) return taken;
  } catch (error) {
    throw fileError('create run folder', join(root, name ?? 'distil-1'), error);
  } finally {
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined);
  }
  const refused = name as string;
  throw new TemperError({
    code: 'run/exists',
    path: 'name',
    message: `the run folder ${join(root, refused)} already exists`,
    hint: `Choose another name, for instance "${await suggestion(root, refused)}", or remove the folder.`,
    fault: 'user',
  });
}

/**
 * Moves a folder to its place; returns false where the place is taken. A rename over a folder with files fails, over an empty one it does
 * not.
 */
async function moveTo(place: string, folder: string): Promise<boolean> {
  if (await exists(folder)) return false;
  try {
    await rename(place, folder);
    return true;
  } catch (error) {
    if (isTaken(error) && (await exists(folder))) return false;
    throw error;
  }
}

async function firstFree(place: string, root: string, base: string): Promise<string> {
  for (let number = (await lastNumber(root, base)) + 1; ; number++) {
    if (await moveTo(place, join(root, `${base}-${number}`))) return `${base}-${number}`;
  }
}

async function lastNumber(root: string, base: string): Promise<number> {
  const numbers = (await readdir(root)).map((entry) => Number(new RegExp(`^${base}-(\\d{1,9})$`).exec(entry)?.[1] ?? 0));
  return numbers.reduce((most, number) => Math.max(most, number), 0);
}

async function suggestion(root: string, name: string): Promise<string> {
  const [, base, number] = /^(.*?)(?:-(\d{1,9}))?$/.exec(name) as unknown as [string, string, string | undefined];
  for (let next = Number(number ?? 1) + 1; ; next++) {
    if (!(await exists(join(root, `${base}-${next}`)))) return `${base}-${next}`;
  }
}

/** A run that was started before. */
export interface FoundRun {
  readonly folder: string;
  /** The folder's path for messages. */
  readonly shown: string;
  /** Absent where neither of its two copies can be read. */
  readonly config?: Json;
  readonly finished: boolean;
  /** Whether a checkpoint was ever written. */
  readonly checkpointed: boolean;
  /** The folders from which relative paths in the config start; relative to the run's folder. */
  readonly folders: readonly string[];
  /** Warnings about damaged files of the folder that were replaced by their copies. */
  readonly warnings: readonly string[];
}

/**
 * Finds the folder of a run to resume.
 * @throws TemperError `run/no-checkpoint` where there is no such run, with the nearest name.
 */
export async function findRunFolder(root: string, name: string | undefined): Promise<FoundRun> {
  const runs = (await readdir(root).catch((): string[] => [])).filter((one) => validName.test(one));
  if (name === undefined)
    throw noRun('the name of the run to resume is missing', `Give its name; there are ` + `${runs.join(', ') || 'none'} in ` + `${root}.`);
  checkName('run name', name);
  const [shown, folder] = [join(root, name), resolve(root, name)];
  if (!runs.includes(name)) {
    const near = nearest(name, runs);
    const existing = runs.length === 0 ? '' : ` There are ${runs.slice(0, 10).join(', ')}${runs.length > 10 ? ', …' : ''}.`;
    throw noRun(
      `there is no run ${shown} to resume`,
      near === undefined ? `Start it without resume.${existing}` : `Did you mean "${near}"?`,
    );
  }
  return { folder, shown, ...(await readKeptConfig(folder)), finished: await exists(join(folder, 'summary.json')) };
}

/** The config that a run was started with, and the folders from which relative paths in it start, before the working folder. */
export interface RunConfigFile {
  readonly config: Readonly<Record<string, unknown>>;
  /** Folders, relative to the working folder. */
  readonly folders: readonly string[];
}

/**
 * Reads the config that a run was started with, from its `config.json` or from the copy.
 * @throws TemperError `run/no-checkpoint` where there is no such run, or neither copy can be read.
 * @example const { config, folders } = await readRunConfig('runs', 'first');
 */
export async function readRunConfig(root: string, name: string): Promise<RunConfigFile> {
  const { config, folder, folders, shown, warnings } = await findRunFolder(root, name);
  if (config === undefined) {
    const hint = `Give the config that the run was started with: \`${shellCommand(`run CONFIG --resume ${name} --force`)}\`.`;
    throw noRun(`the config of ${shown} is lost: ${warnings.join('; ')}`, hint);
  }
  return { config: config as RunConfigFile['config'], folders: folders.map((one) => relative('', resolve(folder, one))) };
}

const noRun = (message: string, hint: string): TemperError => new TemperError({ code: 'run/no-checkpoint', message, hint, fault: 'user' });
