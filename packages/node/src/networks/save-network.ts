import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import type { HostArray, Network } from '@temper/core';
import { encodeSafetensors } from '../checkpoints/safetensors.js';
import { flushFolder, prettyJson, writeFlushed, type Content } from '../store/durable.js';
import { codeOf, fileError } from '../store/file-error.js';

/**
 * Saves a network as a folder: `model.json` and `weights.bin`, the standard tfjs format, which tf.loadLayersModel
 * or tf.loadGraphModel read. A network that is a plain function has no such format: its variables are saved as
 * `weights.safetensors`. The folder is there whole or not at all; an older one is replaced.
 * @throws TemperError `environment/files`, naming the folder and the reason.
 */
export async function saveNetwork(network: Network, folder: string): Promise<void> {
  const files = network.model === undefined ? await weightsAlone(network) : await modelFiles(network.model);
  try {
    await mkdir(dirname(folder), { recursive: true });
    await replaceFolder(folder, files);
  } catch (error) {
    throw fileError(`save the network ${network.name} in`, folder, error, 'run');
  }
}

type Files = Readonly<Record<string, Content>>;

async function modelFiles(model: NonNullable<Network['model']>): Promise<Files> {
  let taken: io.ModelArtifacts | undefined;
  await model.save(
    io.withSaveHandler(async (artifacts) => {
      taken = artifacts;
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) };
    }),
  );
  const { weightData = [], weightSpecs = [], ...json } = taken as io.ModelArtifacts;
  return {
    'weights.bin': [weightData].flat().map((part) => new Uint8Array(part)),
    'model.json': JSON.stringify({ ...json, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] }),
  };
}

async function weightsAlone({ name, parameters, buffers, variableNames }: Network): Promise<Files> {
  const read = async (variable: Variable, i: number): Promise<[string, HostArray]> => [
    variableNames?.[i] ?? variable.name,
    { dtype: variable.dtype as HostArray['dtype'], shape: variable.shape, data: await variable.data<'float32'>() },
  ];
  const arrays = await Promise.all([...parameters, ...buffers].map(read));
  const names = arrays.map(([one]) => one);
  const note = { format: 'weights of a function', name, parameters: names.slice(0, parameters.length), buffers: names.slice(parameters.length) };
  return { 'weights.safetensors': encodeSafetensors(Object.fromEntries(arrays)), 'network.json': prettyJson(note) };
}

/** Writes the files into a folder beside the place, and moves it there. */
async function replaceFolder(folder: string, files: Files): Promise<void> {
  const mark = randomUUID();
  const [fresh, old] = [`${folder}.${mark}.tmp`, `${folder}.${mark}.old`];
  try {
    await mkdir(fresh);
    for (const [name, content] of Object.entries(files)) await writeFlushed(join(fresh, name), content);
    await flushFolder(fresh);
    await moveOver(fresh, folder, old);
    await flushFolder(dirname(folder));
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** A folder cannot be renamed over a full one: the older steps aside first, and back where the move fails. */
async function moveOver(fresh: string, folder: string, old: string): Promise<void> {
  try {
    await rename(fresh, folder);
  } catch (error) {
    if (!['EEXIST', 'ENOTEMPTY', 'EPERM'].includes(codeOf(error) ?? '')) throw error;
    await rename(folder, old);
    await rename(fresh, folder).catch((failed: unknown) => rename(old, folder).then(() => Promise.reject(failed)));
    await rm(old, { recursive: true, force: true });
  }
}
