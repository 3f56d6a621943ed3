import { dirname, isAbsolute, join } from 'node:path';
import { getBackend, io, ready } from '@tensorflow/tfjs-core';
import {
  createStudent,
  isFunction,
  loadModel,
  loadStudent as fetchStudent,
  TemperError,
  type Student,
  type StudentDescription,
} from '@temper/core';
import { registerLayers } from '@temper/models';
import { availableEngine, loadBackend } from '@temper/tensorflow';
import { exists } from '../files/exists.js';
import { findModel } from './find-model.js';
import { readArtifacts } from './read-artifacts.js';
import { readDescription } from './read-description.js';

/** A folder that holds a network with its `student.json`. */
export interface FoundStudent {
  readonly folder: string;
  readonly description: StudentDescription;
}

/**
 * Finds a saved student: a folder with `student.json`, a run's folder (its student) or a run's name in the folder `runs`, with or
 * without the network's name (`first`, `first/teacher`).
 * @throws TemperError `data/not-found` where there is nothing, `model/invalid` for a network without its `student.json`.
 */
export async function findStudent(given: string, runs = 'runs'): Promise<FoundStudent> {
  for (const place of isAbsolute(given) ? [given] : [given, join(runs, given)]) {
    for (const folder of [place, join(place, 'student'), dirname(place)]) {
      if (folder === dirname(place) && !/\.json$/.test(place)) continue;
      const description = (await exists(join(folder, 'student.json'))) ? await readDescription(folder) : undefined;
      if (description !== undefined) return { folder, description };
    }
  }
  const { path } = await findModel(given, ['.'], runs);
  throw new TemperError({
    code: 'model/invalid',
    message: `${dirname(path)} holds a network without its student.json, so its classes and the preparation of its inputs are not known`,
    hint: 'Give the folder of a network that a run of Temper has saved.',
  });
}

/**
 * Loads a saved student (or teacher): its folder, the folder of its run, the name of its run, or the address (`https://…`) of its folder.
 * Loads the native backend where it can be loaded and none is chosen.
 * @throws TemperError `data/not-found` or `model/invalid`, naming the file.
 * @example
 * const student = await loadStudent('runs/first');
 * const [{ class: name, probability }] = await student.predict([{ sepal_length: 5.1, sepal_width: 3.5 }]);
 */
export async function loadStudent(given: string, { runs = 'runs' }: { readonly runs?: string } = {}): Promise<Student> {
  if (/^https?:/i.test(given)) {
    await prepareToLoad();
    return fetchStudent(given);
  }
  const { folder, description } = await findStudent(given, runs);
  if (description.network === 'function') throw isFunction(description.name, folder);
  await prepareToLoad();
  const artifacts = await readArtifacts(join(folder, 'model.json'));
  return createStudent(await loadModel(io.fromMemory(artifacts), description, folder), description, { engine: availableEngine() });
}

async function prepareToLoad(): Promise<void> {
  await (isChosen() ? ready() : loadBackend());
  registerLayers();
}

/** Returns whether the program has chosen a backend, or tfjs has one by an import. */
const isChosen = (): boolean => (getBackend() as string | undefined | null) != null;
