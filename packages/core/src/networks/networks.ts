import { tf } from '#libraries';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { LogitsFunction, Network, NetworkLike } from '../contracts/network.js';
import { TemperError } from '../errors.js';
import { askLogits } from './ask-logits.js';
import { removedEnding } from './ending.js';
import { graphEnding, type GraphNode } from './graph-at-logits.js';
import { layersNetwork, removedFrom, single } from './layers-network.js';
import { differentiated } from './no-gradient.js';

/**
 * Converts a LayersModel, a GraphModel, a function or a Network to the form that the loop uses. `sample` is a batch of inputs: the
 * trainable variables of a plain function are those that its logits depend on. A softmax or sigmoid at the end of a model is removed, so
 * that the network gives logits; the model itself does not change.
 * @throws TemperError `model/invalid` for any other value.
 */
export function networkOf(like: NetworkLike, name: string, sample?: tf.Tensor): Network {
  if (isNetwork(like)) return like;
  if (isLayersModel(like)) return layersNetwork(like, name);
  if (isGraphModel(like)) return graphNetwork(like, name);
  if (typeof like === 'function') return functionNetwork(like, name, sample);
  throw new TemperError({
    code: 'model/invalid',
    message:
      `${name}: must be a LayersModel, a GraphModel or a function (inputs, { training }) => logits, got ` +
      `${like === null ? 'null' : typeof like}`,
    ...(isConfig(like) ? { hint: `A config belongs in the first argument: run({ ${name}: { model: { type: 'mlp' } } }).` } : {}),
  });
}

/** Returns the number of trained values. */
export const countParameters = (network: Network): number => network.parameters.reduce((sum, { size }) => sum + size, 0);

const isConfig = (like: unknown): boolean =>
  typeof like === 'object' && like !== null && ('model' in like || 'from' in like || 'type' in like);

const isNetwork = (like: unknown): like is Network =>
  typeof like === 'object' &&
  like !== null &&
  'logits' in like &&
  typeof like.logits === 'function' &&
  'parameters' in like &&
  'buffers' in like;

// Checked by members, not by instanceof: a user's model may come from another copy of the package.
const isLayersModel = (like: unknown): like is LayersModel =>
  typeof like === 'object' && like !== null && 'layers' in like && 'trainableWeights' in like;

const isGraphModel = (like: unknown): like is GraphModel =>
  typeof like === 'object' && like !== null && 'executeAsync' in like && 'weights' in like;

function graphNetwork(model: GraphModel, name: string): Network {
  const [output] = model.outputNodes;
  const found = output === undefined || model.outputNodes.length > 1 ? undefined : graphEnding(nodesOf(model), output);
  const before = found?.node.input?.[0];
  return {
    name,
    model,
    ...removedFrom(removedEnding(model) ?? found?.ending),
    parameters: [],
    buffers: [],
    constants: Object.values(model.weights).flat(),
    logits: (inputs) => (before === undefined ? single(model.execute(inputs), name) : logitsAt(model, before, output as string, inputs)),
    dispose: () => model.dispose(),
  };
}

/** Runs a graph up to the logits before its ending; operations after the ending only reshape the rows. */
function logitsAt(model: GraphModel, before: string, output: string, inputs: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const [logits, probabilities] = model.execute(inputs, [before, output]) as [tf.Tensor, tf.Tensor];
    return tf.reshape(logits, probabilities.shape);
  });
}

/** Returns the nodes from which a graph model was loaded; tfjs keeps them for saving. */
function nodesOf(model: GraphModel): readonly GraphNode[] {
  const { artifacts } = model as unknown as { readonly artifacts?: { readonly modelTopology?: { readonly node?: readonly GraphNode[] } } };
  return artifacts?.modelTopology?.node ?? [];
}

function functionNetwork(logits: LogitsFunction, name: string, sample: tf.Tensor | undefined): Network {
  return {
    name,
    logits,
    parameters: sample === undefined ? [] : variablesBehind(name, logits, sample),
    buffers: [],
    dispose: () => undefined,
  };
}

/** Returns the trainable variables that the logits of a sample depend on. */
function variablesBehind(name: string, logits: LogitsFunction, sample: tf.Tensor): tf.Variable[] {
  const all = Object.values(tf.engine().state.registeredVariables).filter(({ trainable }) => trainable);
  if (all.length === 0) return [];
  return tf.tidy(() => {
    const sum = () => tf.sum(askLogits({ name, logits }, sample, { training: false }));
    const { grads } = differentiated(name, () => tf.engine().gradients(sum, all, undefined, true));
    return all.filter((_, i) => grads[i] != null);
  });
}
