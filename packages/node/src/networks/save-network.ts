import { io } from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import type { HostArray, Network } from '@temper/core';
import { encodeSafetensors } from '../checkpoints/safetensors.js';
import { prettyJson } from '../store/durable.js';
import { fileError } from '../store/file-error.js';
import { replaceFolder, type FolderFiles } from '../store/replace-folder.js';

/**
 * Saves a network as a folder: `model.json` and `weights.bin`, the standard tfjs format, which tf.loadLayersModel
 * or tf.loadGraphModel read. A network that is a plain function has no such format: its variables are saved as
 * `weights.safetensors`. The folder is there whole or not at all; an older one is replaced.
 * @throws TemperError `environment/files`, naming the folder and the reason.
 */
export async function saveNetwork(network: Network, folder: string): Promise<void> {
  const files = network.model === undefined ? await weightsAlone(network) : await modelFiles(network.model);
  try {
    await replaceFolder(folder, files);
  } catch (error) {
    throw fileError(`save the network ${network.name} in`, folder, error, 'run');
  }
}

async function modelFiles(model: NonNullable<Network['model']>): Promise<FolderFiles> {
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

async function weightsAlone({ name, parameters, buffers, variableNames }: Network): Promise<FolderFiles> {
  const read = async (variable: Variable, i: number): Promise<[string, HostArray]> => [
    variableNames?.[i] ?? variable.name,
    { dtype: variable.dtype as HostArray['dtype'], shape: variable.shape, data: await variable.data<'float32'>() },
  ];
  const arrays = await Promise.all([...parameters, ...buffers].map(read));
  const names = arrays.map(([one]) => one);
  const note = { format: 'weights of a function', name, parameters: names.slice(0, parameters.length), buffers: names.slice(parameters.length) };
  return { 'weights.safetensors': encodeSafetensors(Object.fromEntries(arrays)), 'network.json': prettyJson(note) };
}
