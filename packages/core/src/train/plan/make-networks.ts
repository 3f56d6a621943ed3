import type * as tf from '@tensorflow/tfjs-core';
import type { Container } from 'inversify';
import type { Batch, DataSplits, Preparation } from '../../contracts/data.js';
import type { Metric } from '../../contracts/metric.js';
import type { Network, NetworkLike } from '../../contracts/network.js';
import { TemperError } from '../../errors.js';
import type { Json } from '../../json.js';
import { formatPath, type Path } from '../../path.js';
import type { Builder } from '../../kit/builder.js';
import type { RunConfig, StudentConfig } from '../../kit/run-config.js';
import { Tokens } from '../../kit/tokens.js';
import { createRandom } from '../../random.js';
import { givesLogits } from '../../networks/gives-logits.js';
import { blame } from '../../kit/blame.js';
import { readable } from '../../kit/readable.js';
import { checkNetwork } from '../../networks/check-network.js';
import { networkOf } from '../../networks/networks.js';
import { preparedFor } from '../../networks/prepared-for.js';
import { missing } from './services.js';

/** The context in which networks are made, and the record of them. */
export interface Place {
  readonly kit: Builder;
  readonly container: Container;
  readonly config: RunConfig;
  readonly splits: DataSplits;
  readonly sample: Batch;
  /** The metrics of evaluations. */
  readonly metrics: readonly Metric[];
  /** Inputs of some training samples, for checks of outputs. */
  readonly probe: tf.Tensor;
  /** Networks to be disposed where the run fails. */
  readonly made: Network[];
  readonly notices: string[];
}

/** Returns the student of the run: one that is bound or given in code, else the one in the config. */
export async function takeStudent(place: Place, given: NetworkLike | undefined): Promise<Network> {
  const { container, config } = place;
  const like = given ?? (container.isBound(Tokens.Student) ? container.get(Tokens.Student) : undefined);
  if (like !== undefined) return trainable(await adopt(place, like, 'student', 'student'), 'student');
  if (config.student === undefined) throw missing('student', "student: { model: { type: 'mlp', hidden: [32] } }");
  return makeStudent(place, config.student, ['student'], 'student');
}

/** Makes a student of the config: an architecture with fresh weights, or a saved network that is trained further. */
export async function makeStudent(place: Place, { model, from }: StudentConfig, path: Path, name: string): Promise<Network> {
  const network =
    from === undefined
      ? await buildNetwork(place, model as Json, [...path, 'model'], name)
      : await loadNetwork(place, from, path, name, 'loaded');
  return trainable(network, formatPath(from === undefined ? path : [...path, 'from']));
}

function trainable(network: Network, path: string): Network {
  if (network.parameters.length > 0) return network;
  throw new TemperError({
    code: 'model/invalid',
    path,
    message: 'has no trainable variables',
    hint:
      'A GraphModel or SavedModel is frozen and can only teach. Use a LayersModel, or in code a function over variables ' +
      'made with tf.variable.',
  });
}

/** Builds an architecture for the run's data. */
export async function buildNetwork(place: Place, model: Json, path: Path, name: string): Promise<Network> {
  const { kit, container, config, splits } = place;
  const builder = kit.build('model', model, path, container);
  // Each name has its own seed: a teacher and a student of the same architecture start with different weights.
  const seed = createRandom(config.seed)
    .stream(`weights/${name}`)
    .integer(2 ** 31);
  return adopt(
    place,
    builder({ inputShape: splits.train.inputShape, classes: splits.train.classes, seed, name }),
    name,
    formatPath(path),
    'built',
  );
}

/** Loads the network that `from` names at `path`. */
export async function loadNetwork(place: Place, from: string, path: Path, name: string, origin: Origin): Promise<Network> {
  const at = formatPath([...path, 'from']);
  if (!place.container.isBound(Tokens.NetworkLoader)) {
    throw new TemperError({
      code: 'plugin/missing-requirement',
      path: at,
      message: 'needs a loader of saved networks, but none is bound',
      hint: `Add the plug-in of package node to plugins, or pass the network in code: kit.run(config, { ${name}: model }).`,
    });
  }
  try {
    const loader = place.container.get(Tokens.NetworkLoader);
    const [like, preparation] = [await loader.load(from), await loader.preparationOf?.(from)];
    return await adopt(place, like, name, at, origin, preparation);
  } catch (error) {
    throw error instanceof TemperError ? blame([...path, 'from'], error) : error;
  }
}

/**
 * Converts a network to the form that the loop uses, and checks that it fits the data and gives logits. `preparation` is the one that its
 * inputs need, where the network does not state it.
 */
export async function adopt(
  place: Place,
  like: NetworkLike,
  name: string,
  path: string,
  origin: Origin = 'given',
  preparation?: Preparation,
): Promise<Network> {
  const { splits, sample, made, probe, notices } = place;
  const plain = readable('model/invalid', path, () => networkOf(like, name, sample.inputs));
  if (origin !== 'given') made.push(plain);
  const network = preparedFor(preparation === undefined ? plain : { ...plain, preparation }, splits.train, path);
  // There is one network in any form: it is disposed once, and not where it belongs to the caller.
  if (origin !== 'given') made.splice(-1, 1, network);
  checkNetwork(network, sample, splits.train.classes, path);
  if (origin === 'loaded') trainable(network, path);
  const { logits, notice } = await givesLogits(network, probe, path, origin === 'loaded teacher');
  if (logits !== network) made.splice(made.indexOf(network), 1, logits);
  if (notice !== undefined && !notices.includes(notice)) notices.push(notice);
  return logits;
}

/** The origin of a network: one given by the caller is the caller's to dispose. */
export type Origin = 'given' | 'built' | 'loaded' | 'loaded teacher';
