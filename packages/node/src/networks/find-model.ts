import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import { nearest, TemperError } from '@temper/core';
import { codeOf, fileError } from '@temper/tensorflow/system';
import { foreignFormats } from './foreign-formats.js';

/** A network on disk: a tfjs model by its `model.json`, or a SavedModel by its folder. */
export interface FoundModel {
  readonly kind: 'model.json' | 'SavedModel';
  readonly path: string;
}

/**
 * Finds the network that a path means, from the first of the folders that has it: a `model.json` or a folder with it, a SavedModel
 * folder, a run's folder (its student) or a run's name in the folder `runs`, with or without the network's name (`first`, `first/teacher`).
 * @throws TemperError `data/not-found` where there is nothing, `model/invalid` where there is something else.
 */
export async function findModel(given: string, folders: readonly string[], runs: string): Promise<FoundModel> {
  const candidates = isAbsolute(given) ? [given] : [...folders, runs].map((folder) => join(folder, given));
  for (const path of candidates) {
    const kind = await kindOf(path);
    if (kind === 'file') return byName(path);
    if (kind === 'folder') return inFolder(path);
  }
  const near = nearest(given, await entries(runs));
  throw new TemperError({
    code: 'data/not-found',
    message: `there is no model at ${candidates.join(' or ')}`,
    hint:
      near === undefined
        ? 'Give a model.json, the folder that holds it, a SavedModel folder, or the name of a run.'
        : `Did you mean the run "${near}"?`,
  });
}

async function inFolder(folder: string): Promise<FoundModel> {
  for (const place of ['.', 'student']) {
    const file = join(folder, place, 'model.json');
    if ((await kindOf(file)) === 'file') return { kind: 'model.json', path: file };
  }
  const names = await entries(folder);
  if (names.includes('saved_model.pb')) return { kind: 'SavedModel', path: folder };
  const isRun = names.includes('config.json') && names.includes('metrics.jsonl');
  const [other, format] =
    names.map((name) => [name, foreignFormats[extname(name).toLowerCase()]] as const).find(([, one]) => one !== undefined) ?? [];
  const instead = other === undefined ? '' : `, but ${other}, ${format?.what}`;
  throw new TemperError({
    code: 'model/invalid',
    message: `the folder ${folder} holds no model.json${isRun ? ' yet: the run has not saved its student' : instead}`,
    hint: isRun
      ? 'Wait for the run to end, or start it again.'
      : (format?.hint ?? 'Give the folder that holds model.json and the weights it names, or a SavedModel folder.'),
  });
}

function byName(path: string): FoundModel {
  if (basename(path) === 'saved_model.pb') return { kind: 'SavedModel', path: dirname(path) };
  const format = foreignFormats[extname(path).toLowerCase()];
  if (format === undefined) return { kind: 'model.json', path };
  throw new TemperError({
    code: 'model/invalid',
    message: `${basename(path)} is ${format.what}, which Temper does not read`,
    hint: format.hint,
  });
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
    throw fileError('read', path, error);
  }
}

const entries = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
