import { dirname } from 'node:path';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import { ready, type io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  graphEnding,
  layersAtLogits,
  loadGraph,
  loadLayers,
  nodeName,
  preparationWithoutLayers,
  TemperError,
  unfoldPreparation,
  withRemovedEnding,
  type Ending,
  type NetworkLoader,
} from '@temper/core';
import { registerLayers } from '@temper/models';
import { findModel, type FoundModel } from './find-model.js';
import { loadSavedModel } from './load-saved-model.js';
import { loadKeras3 } from './keras3/load-keras3.js';
import { isKeras3 } from './keras3/topology.js';
import { readArtifacts } from './read-artifacts.js';
import { readDescription } from './read-description.js';

/** The folders of saved networks. */
export interface LoaderOptions {
  /** The folder of the runs. Default `runs`. */
  readonly runs?: string;
  /** The folders from which relative paths start, before the working folder. */
  readonly folders?: readonly string[];
}

/**
 * Loads saved networks: a tfjs LayersModel or GraphModel by its `model.json` or folder, on any backend; a SavedModel folder, on the
 * native one; or the networks of an earlier run by its name (`first` is its student, `first/teacher` its teacher). A softmax (or a
 * sigmoid per class) at the end is left out, so that the network gives logits. Layers that Temper has put in front of a network are
 * left out too, so that it takes inputs prepared as `preparationOf` says.
 * @throws TemperError from `load`: `data/not-found`, `model/invalid` or `environment/files`, naming the file.
 * @example const teacher = await networkLoader({ runs: 'runs' }).load('models/teacher');
 */
export function networkLoader({ runs = 'runs', folders = [] }: LoaderOptions = {}): NetworkLoader {
  const find = (given: string): Promise<FoundModel> => findModel(given, [...folders, '.'], runs);
  return {
    async load(given) {
      await ready();
      const { kind, path } = await find(given);
      if (kind === 'SavedModel') return loadSavedModel(path);
      const artifacts = await readUnprepared(path);
      return isGraph(artifacts) ? graphModel(path, artifacts) : layersModel(path, artifacts);
    },
    async preparationOf(given) {
      const { kind, path } = await find(given);
      const description = await readDescription(kind === 'SavedModel' ? path : dirname(path));
      return description === undefined ? undefined : preparationWithoutLayers(description);
    },
  };
}

/** Reads a network that Temper has saved without the layers that prepare raw inputs: data sets prepare their inputs themselves. */
async function readUnprepared(path: string): Promise<io.ModelArtifacts> {
  const folder = dirname(path);
  const [artifacts, description] = [await readArtifacts(path), await readDescription(folder)];
  return description === undefined ? artifacts : unfoldPreparation(artifacts, description.preparationLayers, folder);
}

const isGraph = ({ format, modelTopology }: io.ModelArtifacts): boolean =>
  format === 'graph-model' || Array.isArray((modelTopology as { node?: unknown }).node);

async function layersModel(path: string, artifacts: io.ModelArtifacts): Promise<LayersModel> {
  registerLayers();
  const model = await guarded(path, () => (isKeras3(artifacts.modelTopology as object) ? loadKeras3(artifacts) : loadLayers(artifacts)));
  checked(
    path,
    model,
    model.outputs.map(({ shape }) => shape),
  );
  return layersAtLogits(model) ?? model;
}

async function graphModel(path: string, artifacts: io.ModelArtifacts): Promise<GraphModel> {
  const ending = await guarded(path, async () => endGraphAtLogits(artifacts.modelTopology as object));
  const model = await guarded(path, () => loadGraph(artifacts));
  checked(
    path,
    model,
    model.outputs.map(({ name, shape }) => shape ?? signedShape(artifacts, name)),
  );
  return ending === undefined ? model : withRemovedEnding(model, ending);
}

/** Ends a TensorFlow graph at its logits, in place; returns the removed ending. */
function endGraphAtLogits(topology: object): Ending | undefined {
  const nodes = (topology as { node?: { name: string; op: string; input?: string[] }[] }).node ?? [];
  const consumed = new Set(nodes.flatMap(({ input = [] }) => input.map(nodeName)));
  const outputs = nodes.filter(({ name }) => !consumed.has(name));
  const [found, ...others] = outputs.flatMap(({ name }) => graphEnding(nodes, name) ?? []);
  if (found === undefined || others.length > 0) return undefined;
  found.node.op = 'Identity';
  return found.ending;
}

/** Returns the shape of an output from the signature of a graph, where it is given. */
function signedShape({ signature }: io.ModelArtifacts, output: string): (number | null)[] | undefined {
  const { outputs = {} } = (signature ?? {}) as { outputs?: Record<string, { name: string; tensorShape?: { dim?: { size: string }[] } }> };
  const signed = Object.values(outputs).find(({ name }) => name.split(':')[0] === output.split(':')[0]);
  return signed?.tensorShape?.dim?.map(({ size }) => (Number(size) < 0 ? null : Number(size)));
}

async function guarded<T>(path: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (cause instanceof TemperError) throw new TemperError({ ...cause.details, message: `${path}: ${cause.details.message}`, cause });
    const message = cause instanceof Error ? cause.message : String(cause);
    const [, layer] = /Unknown layer: ([^.\s]+)/.exec(message) ?? [];
    throw layer === undefined
      ? invalid(path, `is not a model that TensorFlow.js can load: ${message.split('\n')[0]}`, 'Convert or save it again.', cause)
      : invalid(
          path,
          `uses the layer "${layer}", which TensorFlow.js does not have`,
          `Register its class before the run: tf.serialization.registerClass(${layer}).`,
          cause,
        );
  }
}

function checked(path: string, model: LayersModel | GraphModel, outputs: readonly (readonly (number | null)[] | undefined)[]): void {
  const [shape] = outputs;
  const count = outputs.length === 1 ? undefined : `has ${outputs.length} outputs`;
  const rank =
    shape !== undefined && shape.length < 2 ? `gives an output of shape [${shape.map((size) => size ?? 'batch').join(', ')}]` : undefined;
  const fault = count ?? rank;
  if (fault === undefined) return;
  model.dispose();
  throw invalid(
    path,
    `${fault}; a classifier has one output of logits, [batch, …, classes]`,
    'Save the part of the model that gives the logits.',
  );
}

const invalid = (path: string, message: string, hint: string, cause?: unknown): TemperError =>
  new TemperError({ code: 'model/invalid', message: `${path} ${message}`, hint, cause });
