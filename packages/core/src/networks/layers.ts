import { tf } from '#libraries';
import type { layers, LayersModel } from '@tensorflow/tfjs-layers';
import type { CallOptions, Network, Penalty } from '../contracts/network.js';
import { withCalls, type Call } from './training-calls.js';

type Layer = layers.Layer;

/** A layer of a tfjs model, at any depth. */
export interface FoundLayer {
  readonly layer: Layer;
  /** Its name, with the names of the models and wrappers that contain it in front. */
  readonly path: string;
  /** The layers that contain it, from the outermost to the innermost. */
  readonly within: readonly Layer[];
  /** True for layers with moving averages. */
  readonly moves: boolean;
}

/** A layer that contains other layers: a model, a wrapper, a recurrent layer. */
interface Parent extends Layer {
  readonly layers?: readonly Layer[];
  readonly layer?: Layer;
  readonly forwardLayer?: Layer;
  readonly backwardLayer?: Layer;
  readonly cell?: Layer;
  readonly cells?: readonly Layer[];
}

/** Returns all layers of a model that contain no others; a shared layer once. */
export function layersOf(model: LayersModel): FoundLayer[] {
  const found = new Map<Layer, FoundLayer>();
  const visit = (layer: Layer, within: readonly Layer[]): void => {
    const { layers: parts, layer: wrapped, forwardLayer, backwardLayer, cell, cells = [] } = layer as Parent;
    const children = [...(parts ?? [wrapped, forwardLayer, backwardLayer, cell]), ...cells].filter((child) => child !== undefined);
    if (children.length > 0) return children.forEach((child) => visit(child, [...within, layer]));
    if (!found.has(layer))
      found.set(layer, { layer, within, path: [...within, layer].map(({ name }) => name).join('/'), moves: moves(layer) });
  };
  model.layers.forEach((layer) => visit(layer, []));
  return [...found.values()];
}

const moves = (layer: Layer): boolean =>
  layer.getClassName() === 'BatchNormalization' ||
  layer.weights.some(({ originalName }) => originalName.split('/').pop()?.startsWith('moving_') === true);

/** Returns whether neither the layer nor a model around it was frozen in code (`trainable = false`). */
export const isTrainable = ({ layer, within }: FoundLayer): boolean => [layer, ...within].every(({ trainable }) => trainable);

/**
 * Runs a model while its frozen layers with moving averages are called as outside of training: those that the options name, and
 * those whose `trainable` (or that of a model around them) is false, as in tf.keras.
 */
export function keepingStill<T>(found: readonly FoundLayer[], { training, still }: CallOptions, run: () => T): T {
  if (!training) return run();
  const frozen = found.filter((one) => one.moves && (still?.has(one.path) === true || !isTrainable(one))).map(({ layer }) => layer);
  // A tfjs layer learns only from this call whether it is in training.
  const calls = frozen.map((layer) => {
    const call = layer.call.bind(layer);
    return [layer, (inputs, more) => call(inputs, { ...more, training: false })] as const satisfies readonly [Layer, Call];
  });
  return withCalls(calls, run);
}

/** Returns the penalties of all layers (`kernelRegularizer`, …), each once, with the weights that it depends on. */
export function penaltiesOf(found: readonly FoundLayer[], weights: readonly tf.Variable[]): Penalty[] {
  const values = new Set(found.flatMap(({ layer, within }) => [layer, ...within].flatMap(({ losses }) => losses ?? [])));
  return [...values]
    .map((value) => ({ value, variables: variablesBehind(value, weights) }))
    .filter(({ variables }) => variables.length > 0);
}

function variablesBehind(value: () => tf.Scalar, weights: readonly tf.Variable[]): tf.Variable[] {
  return tf.tidy(() => {
    const { grads } = tf.engine().gradients(value, [...weights], undefined, true);
    return weights.filter((_, i) => grads[i] != null);
  });
}

/** Returns the names of the trained weights that have a constraint (`kernelConstraint`, …), which no training step applies. */
export const constrainedOf = (model: Network['model']): string[] =>
  (model !== undefined && 'trainableWeights' in model ? model.trainableWeights : [])
    .filter(({ constraint }) => (constraint as unknown) != null)
    .map(({ originalName }) => originalName);
