import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { DataSet } from '../../contracts/data.js';
import type { Engine } from '../../contracts/engine.js';
import type { LogitsStore } from '../../contracts/logits-store.js';
import type { Network } from '../../contracts/network.js';
import { contentHash } from '../../data/content-hash.js';
import type { KeyedLogits } from '../loop/session.js';
import { fingerprintsOf } from './fingerprint.js';

/** Returns the layers or operations of a model as JSON; undefined for a function, whose code cannot be compared. */
function architectureOf(model: Network['model']): object | undefined {
  if (model === undefined) return undefined;
  if ('toJSON' in model) return (model as LayersModel).toJSON(null, false) as object;
  // TensorFlow.js declares this part of a graph model as private.
  return (model as unknown as { readonly artifacts?: { readonly modelTopology?: object } }).artifacts?.modelTopology;
}

/**
 * Returns a text that changes with the weights and the architecture of a network, the samples of a data set, and how these are prepared;
 * undefined for a function.
 */
async function logitsKey(network: Network, data: DataSet, engine: string): Promise<string | undefined> {
  const { model, parameters, buffers, constants = [], preparation } = network;
  const architecture = architectureOf(model);
  if (architecture === undefined) return undefined;
  const hash = contentHash();
  hash.add(JSON.stringify([engine, architecture, preparation ?? null, data.preparation ?? null]));
  hash.add(JSON.stringify(await fingerprintsOf({ data })));
  for (const weights of [...parameters, ...buffers, ...constants]) {
    const values = await weights.data();
    // Text constants of a graph are a list.
    hash.add(Array.isArray(values) ? JSON.stringify(values) : values);
  }
  return hash.digest();
}

/** A store that finds its keys by the networks and the data. */
export const keyedLogits = (store: LogitsStore, { name }: Engine): KeyedLogits => ({
  read: (key) => store.read(key),
  write: (key, logits) => store.write(key, logits),
  keyOf: (network, data) => logitsKey(network, data, name),
});
