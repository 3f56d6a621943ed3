import { dirname, join, relative, sep } from 'node:path';
import { io, util } from '@tensorflow/tfjs-core';
import { TemperError } from '@temper/core';
import { readRegular } from '../files/read-regular.js';
import { fileError } from '@temper/tensorflow/system';
import { readModelJson } from './model-json.js';
import { checkSum, readSums } from './sums.js';

/** Reads a model.json and its weight files and checks them: the JSON is that of a model, and no weight file is truncated. */
export async function readArtifacts(path: string): Promise<io.ModelArtifacts> {
  const sums = await readSums(path).catch((error: unknown) => Promise.reject(fileError('read', path, error)));
  const bytes = await read(path);
  await checkSum(path, bytes, sums);
  const json = parseModel(path, bytes);
  const manifest = json.weightsManifest;
  const weightData: ArrayBuffer[] = [];
  for (const group of manifest) weightData.push(...(await readGroup(path, group, sums)));
  const { trainingConfig: _, ...artifacts } = io.getModelArtifactsForJSONSync(json, io.getWeightSpecs(manifest), weightData);
  return artifacts;
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readRegular(path));
  } catch (error) {
    throw fileError('read', path, error);
  }
}

function parseModel(path: string, bytes: Uint8Array): io.ModelJSON {
  let json: Partial<io.ModelJSON> | null;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes)) as Partial<io.ModelJSON> | null;
  } catch (cause) {
    throw invalid(
      path,
      `is not JSON${bytes.length === 0 ? ', it is empty' : ', or is cut off'}`,
      'Copy or convert the model again.',
      cause,
    );
  }
  if (typeof json?.modelTopology !== 'object' || json.modelTopology === null) {
    throw invalid(
      path,
      'is not a TensorFlow.js model: it has no modelTopology',
      'Give the model.json that model.save or tensorflowjs_converter wrote.',
    );
  }
  if (!Array.isArray(json.weightsManifest)) {
    throw invalid(path, 'has no weightsManifest, so there are no weights to load', 'Save the model together with its weights.');
  }
  const model = readModelJson(json);
  if (!('expected' in model)) return model;
  throw invalid(path, `is not a TensorFlow.js model: ${model.path}: ${model.expected}`, 'Copy, save or convert the model again.');
}

async function readGroup(
  path: string,
  { paths, weights }: io.WeightsManifestConfig[number],
  sums: ReadonlyMap<string, string>,
): Promise<ArrayBuffer[]> {
  const folder = dirname(path);
  const files = paths.map((name) => join(folder, name));
  const outside = files.find((file) => relative(folder, file).split(sep)[0] === '..');
  if (outside !== undefined)
    throw invalid(path, `names weights outside of its folder: ${outside}`, 'Put the weight files next to model.json.');
  const shards = await Promise.all(files.map(read));
  const got = shards.reduce((sum, shard) => sum + shard.length, 0);
  const sizes = weights.map(byteLength);
  const expected = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  if (!sizes.includes(undefined) && got !== expected) {
    const state = got < expected ? 'cut off' : 'too long';
    throw invalid(
      path,
      `its weights ${paths.join(', ')} are ${state}: ${got} bytes, expected ${expected}`,
      'Copy the files again; model.json and weights must come from the same save.',
    );
  }
  for (const [i, file] of files.entries()) await checkSum(file, shards[i] as Uint8Array<ArrayBuffer>, sums);
  return shards.map((shard) => shard.buffer);
}

/** Returns the bytes of a weight in its file; undefined for texts, whose length is in the data. */
function byteLength({ shape, dtype, quantization }: io.WeightsManifestEntry): number | undefined {
  if (dtype === 'string') return undefined;
  const each = quantization === undefined ? util.bytesPerElement(dtype) : quantization.dtype === 'uint8' ? 1 : 2;
  return util.sizeFromShape(shape) * each;
}

const invalid = (path: string, message: string, hint: string, cause?: unknown): TemperError =>
  new TemperError({ code: 'model/invalid', message: `${path} ${message}`, hint, cause });
