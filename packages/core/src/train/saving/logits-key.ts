import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { DataSet } from '../../contracts/data.js';
import type { Engine } from '../../contracts/engine.js';
import type { LogitsStore } from '../../contracts/logits-store.js';
import type { Network } from '../../contracts/network.js';
import { contentHash } from '../../data/content-hash.js';
import type { KeyedLogits } from '../loop/session.js';
import { fingerprintsOf } from './fingerprint.js';

/**
 * A text that changes with the weights and the architecture of a network, the samples of a data set, and how these are prepared. Undefined
 * where the network is no layers model: the code of a function cannot be compared.
 */
async function logitsKey(network: Network, data: DataSet, engine: string): Promise<string | undefined> {
  const { model, parameters, buffers, preparation } = network;
  if (model === undefined || !('toJSON' in model)) return undefined;
  const hash = contentHash();
  hash.add(JSON.stringify([engine, (model as LayersModel).toJSON(null, false), preparation ?? null, data.preparation ?? null]));
  hash.add(JSON.stringify(await fingerprintsOf({ data })));
  for (const variable of [...parameters, ...buffers]) hash.add(await variable.data());
  return hash.digest();
}

/** A store that finds its keys by the networks and the data. */
export const keyedLogits = (store: LogitsStore, { name }: Engine): KeyedLogits => ({
  read: (key) => store.read(key),
  write: (key, logits) => store.write(key, logits),
  keyOf: (network, data) => logitsKey(network, data, name),
});
