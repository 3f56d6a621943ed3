import { io } from '@tensorflow/tfjs-core';
import { foldPreparation, type HostArray, type Network, type StudentDescription } from '@temper/core';
import { checkFinite } from '../checkpoints/finite-arrays.js';
import { encodeSafetensors } from '../checkpoints/safetensors.js';
import { prettyJson } from '../store/durable.js';
import { fileError } from '@temper/tensorflow/system';
import { replaceFolder, type FolderFiles } from '../store/replace-folder.js';
import { withSums } from './sums.js';

/**
 * Saves a network as a folder: `model.json` and `weights.bin`, the standard tfjs format, which tf.loadLayersModel
 * or tf.loadGraphModel read. A network that is a plain function has no such format: its variables are saved as
 * `weights.safetensors`. With a description, its preparation is put into the network where it says so, and it is written as
 * `student.json`. `SHA256SUMS` holds the sums of all files. The folder is there whole or not at all; an older one is replaced.
 * @throws TemperError `environment/files`, naming the folder and the reason; `run/non-finite` for weights that are not finite.
 */
export async function saveNetwork(network: Network, folder: string, description?: StudentDescription): Promise<void> {
  checkFinite(await valuesOf(network), `the network ${network.name}`);
  const files = await filesOf(network, description);
  try {
    await replaceFolder(folder, withSums(files));
  } catch (error) {
    throw fileError(`save the network ${network.name} in`, folder, error, 'run');
  }
}

/** Returns the saved values of a network, on the host. */
async function valuesOf({ parameters, buffers, variableNames }: Network): Promise<Record<string, HostArray>> {
  const all = [...parameters, ...buffers].map(
    async (variable, i): Promise<[string, HostArray]> => [
      variableNames?.[i] ?? variable.name,
      { dtype: variable.dtype as HostArray['dtype'], shape: variable.shape, data: await variable.data<'float32'>() },
    ],
  );
  return Object.fromEntries(await Promise.all(all));
}

async function filesOf(network: Network, description: StudentDescription | undefined): Promise<FolderFiles> {
  const { model } = network;
  if (description === undefined) return model === undefined ? weightsAlone(network) : modelFiles(await artifactsOf(model));
  if (model === undefined) return { ...(await weightsAlone(network)), 'student.json': prettyJson(description) };
  const plain = await artifactsOf(model);
  const { preparation, preparedIn, inputs, network: kind } = description;
  const isInside = kind === 'layers' && preparedIn === 'network' && preparation !== undefined && preparation.type !== 'vocabulary';
  const { artifacts, layers } = isInside ? foldPreparation(plain, preparation, inputs.shape) : { artifacts: plain, layers: [] };
  return { ...modelFiles(artifacts), 'student.json': prettyJson({ ...description, preparationLayers: [...layers] }) };
}

async function artifactsOf(model: NonNullable<Network['model']>): Promise<io.ModelArtifacts> {
  let taken: io.ModelArtifacts | undefined;
  await model.save(
    io.withSaveHandler(async (artifacts) => {
      taken = artifacts;
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) };
    }),
  );
  return taken as io.ModelArtifacts;
}

function modelFiles({ weightData = [], weightSpecs = [], ...json }: io.ModelArtifacts): FolderFiles {
  return {
    'weights.bin': [weightData].flat().map((part) => new Uint8Array(part)),
    'model.json': JSON.stringify({ ...json, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] }),
  };
}

async function weightsAlone(network: Network): Promise<FolderFiles> {
  const { name, parameters } = network;
  const arrays = await valuesOf(network);
  const names = Object.keys(arrays);
  const note = {
    format: 'weights of a function',
    name,
    parameters: names.slice(0, parameters.length),
    buffers: names.slice(parameters.length),
  };
  return { 'weights.safetensors': encodeSafetensors(arrays), 'network.json': prettyJson(note) };
}
