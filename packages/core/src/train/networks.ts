import * as tf from '@tensorflow/tfjs-core';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import { model as functional, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { CallOptions, LogitsFunction, Network, NetworkLike } from '../contracts/network.js';
import { TemperError, unknownName } from '../errors.js';
import { removedEnding, type Ending } from '../networks/ending.js';
import { graphEnding, type GraphNode } from '../networks/graph-at-logits.js';
import { layersAtLogits } from '../networks/layers-at-logits.js';

/**
 * Takes a LayersModel, a GraphModel, a function or a Network, and gives it the form the loop works with.
 * `sample` is a batch of inputs: the trainable variables of a plain function are those that its logits depend on. A softmax or sigmoid
 * at the end of a model is left out, so that the network gives logits; the model itself does not change.
 * @throws TemperError `model/invalid` for anything else.
 */
export function networkOf(like: NetworkLike, name: string, sample?: tf.Tensor): Network {
  if (isNetwork(like)) return like;
  if (isLayersModel(like)) return layersNetwork(like, name);
  if (isGraphModel(like)) return graphNetwork(like, name);
  if (typeof like === 'function') return functionNetwork(like, name, sample);
  throw new TemperError({
    code: 'model/invalid',
    message: `${name}: must be a LayersModel, a GraphModel or a function (inputs, { training }) => logits, got ${like === null ? 'null' : typeof like}`,
    ...(isConfig(like) ? { hint: `A config belongs into the first argument: run({ ${name}: { model: { type: 'mlp' } } }).` } : {}),
  });
}

/** Number of trained values. */
export const countParameters = (network: Network): number => network.parameters.reduce((sum, { size }) => sum + size, 0);

const isConfig = (like: unknown): boolean => typeof like === 'object' && like !== null && ('model' in like || 'from' in like || 'type' in like);

const isNetwork = (like: unknown): like is Network =>
  typeof like === 'object' && like !== null && 'logits' in like && typeof like.logits === 'function' && 'parameters' in like && 'buffers' in like;

// By their members, not instanceof: a user's model may come from another copy of the package.
const isLayersModel = (like: unknown): like is LayersModel =>
  typeof like === 'object' && like !== null && 'layers' in like && 'trainableWeights' in like;

const isGraphModel = (like: unknown): like is GraphModel =>
  typeof like === 'object' && like !== null && 'executeAsync' in like && 'weights' in like;

function layersNetwork(given: LayersModel, name: string): Network {
  const model = layersAtLogits(given) ?? given;
  const variables = (weights: LayersModel['weights']): tf.Variable[] => weights.map((weight) => weight.read() as tf.Variable);
  const withTaps = new Map<string, LayersModel>();
  const tapModel = (taps: readonly string[]): LayersModel => {
    const key = taps.join('\n');
    const known = withTaps.get(key);
    if (known !== undefined) return known;
    const outputs = [model.outputs[0] as SymbolicTensor, ...taps.map((tap) => tapOutput(model, name, tap))];
    const made = functional({ inputs: model.inputs, outputs });
    withTaps.set(key, made);
    return made;
  };
  return {
    name,
    model,
    ...removedFrom(removedEnding(model)),
    parameters: variables(model.trainableWeights),
    buffers: variables(model.nonTrainableWeights),
    variableNames: [...model.trainableWeights, ...model.nonTrainableWeights].map(({ originalName }) => originalName),
    logits: (inputs, options) => single(model.apply(inputs, kwargs(options)), name),
    tapped(inputs, taps, options) {
      const [logits, ...outputs] = [tapModel(taps).apply(inputs, kwargs(options))].flat() as tf.Tensor[];
      return { logits: logits as tf.Tensor, taps: Object.fromEntries(taps.map((tap, i) => [tap, outputs[i] as tf.Tensor])) };
    },
    dispose: () => void model.dispose(),
  };
}

const kwargs = ({ training, seed }: CallOptions): Record<string, unknown> => (seed === undefined ? { training } : { training, seed });

function tapOutput(model: LayersModel, name: string, tap: string): SymbolicTensor {
  const layer = model.layers.find((one) => one.name === tap);
  if (layer === undefined) throw new TemperError({ code: 'model/invalid', message: `${name}: ${unknownName('layer', tap, model.layers.map((one) => one.name))}` });
  return layer.output as SymbolicTensor;
}

const removedFrom = (ending: Ending | undefined): Pick<Network, 'removedEnding'> => (ending === undefined ? {} : { removedEnding: ending });

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

/** Runs a graph up to the logits before its ending; what follows the ending only arranges the rows. */
function logitsAt(model: GraphModel, before: string, output: string, inputs: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const [logits, probabilities] = model.execute(inputs, [before, output]) as [tf.Tensor, tf.Tensor];
    return tf.reshape(logits, probabilities.shape);
  });
}

/** The nodes that a graph model was loaded from; tfjs keeps them for saving. */
function nodesOf(model: GraphModel): readonly GraphNode[] {
  const { artifacts } = model as unknown as { readonly artifacts?: { readonly modelTopology?: { readonly node?: readonly GraphNode[] } } };
  return artifacts?.modelTopology?.node ?? [];
}

function functionNetwork(logits: LogitsFunction, name: string, sample: tf.Tensor | undefined): Network {
  return { name, logits, parameters: sample === undefined ? [] : variablesBehind(logits, sample), buffers: [], dispose: () => undefined };
}

/** The trainable variables that the logits of a sample depend on. */
function variablesBehind(logits: LogitsFunction, sample: tf.Tensor): tf.Variable[] {
  const all = Object.values(tf.engine().state.registeredVariables).filter(({ trainable }) => trainable);
  if (all.length === 0) return [];
  return tf.tidy(() => {
    const { grads } = tf.engine().gradients(() => tf.sum(logits(sample, { training: false })), all, undefined, true);
    return all.filter((_, i) => grads[i] != null);
  });
}

function single(output: unknown, name: string): tf.Tensor {
  if (output instanceof tf.Tensor) return output;
  throw new TemperError({ code: 'model/invalid', message: `${name}: must give one tensor of logits, got ${Array.isArray(output) ? `${output.length} outputs` : typeof output}` });
}
