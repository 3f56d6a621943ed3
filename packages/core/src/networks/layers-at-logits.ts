import { tfl } from '#libraries';
import type { layers, LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { removedEnding, withRemovedEnding, type Ending } from './ending.js';

/**
 * The same network without the softmax (or the sigmoid per class) at its end, or undefined where its layers show none.
 * The result shares all weights with `model`, which does not change: layers that must differ are views of the user's layers.
 * An ending counts where only layers follow that keep the rows of classes: reshape, flatten, dropout, noise, linear activations.
 * Nested models are searched as well. Disposing the result disposes `model`.
 */
export function layersAtLogits(model: LayersModel): LayersModel | undefined {
  const [output, ...others] = model.outputs ?? [];
  if (output === undefined || others.length > 0) return undefined;
  const found = logitsBefore(output);
  if (found === undefined) return undefined;
  const view = tfl.model({ inputs: model.inputs, outputs: found.logits, name: model.name });
  if (!model.trainable) view.trainable = false;
  const metadata = model.getUserDefinedMetadata() as object | undefined;
  if (metadata !== undefined) view.setUserDefinedMetadata(metadata);
  return withRemovedEnding(Object.assign(view, { dispose: () => model.dispose() }), found.ending);
}

interface Found {
  readonly logits: SymbolicTensor;
  readonly ending: Ending;
}

/** Returns the logits in place of `output`, computed by views of the layers from the ending on. */
function logitsBefore(output: SymbolicTensor): Found | undefined {
  const { sourceLayer: layer, inputs, callArgs } = output;
  const [input, ...others] = inputs;
  if (input === undefined || isUsedBefore(layer, inputs)) return undefined;
  if (isModel(layer)) {
    const inner = layersAtLogits(layer);
    return inner && { logits: applied(inner, inputs, callArgs), ending: removedEnding(inner) as Ending };
  }
  if (others.length > 0) return undefined;
  const ending = endingOf(layer, output);
  if (ending !== undefined) {
    const isAlone = ['Activation', 'Softmax'].includes(layer.getClassName());
    return { logits: isAlone ? input : applied(withoutActivation(layer), inputs, callArgs), ending };
  }
  const before = keepsRows(layer, input, output) ? logitsBefore(input) : undefined;
  return before && { ...before, logits: applied(viewOf(layer), [before.logits], callArgs) };
}

const classCount = ({ shape }: SymbolicTensor): number => shape[shape.length - 1] ?? 0;

const endsWithActivation = new Set([
  'Activation',
  'Conv1D',
  'Conv2D',
  'Conv2DTranspose',
  'Conv3D',
  'Conv3DTranspose',
  'Dense',
  'DepthwiseConv2D',
  'SeparableConv2D',
]);

/** The parts of the layers of tfjs that are read here. */
interface LayerParts {
  readonly activation?: { getClassName(): string };
  readonly axis?: number | readonly number[];
  readonly dims?: readonly number[];
  readonly layer?: layers.Layer;
}

function endingOf(layer: layers.Layer, output: SymbolicTensor): Ending | undefined {
  const name = layer.getClassName();
  const { activation, axis, layer: wrapped } = layer as LayerParts;
  // One number per sample is not a row of classes.
  if (classCount(output) < 2) return undefined;
  if (name === 'TimeDistributed' && wrapped !== undefined)
    return wrapped.getClassName() === 'Dense' ? endingOf(wrapped, output) : undefined;
  if (name === 'Softmax') return [-1, output.shape.length - 1].includes(Number(axis)) ? 'softmax' : undefined;
  const function_ = endsWithActivation.has(name) ? activation?.getClassName() : undefined;
  return function_ === 'softmax' || function_ === 'sigmoid' ? function_ : undefined;
}

const sameRows = new Set(['Dropout', 'SpatialDropout1D', 'GaussianDropout', 'GaussianNoise', 'AlphaDropout']);

/** Returns whether a layer keeps the rows of its input, so that it can also follow logits. */
function keepsRows(layer: layers.Layer, input: SymbolicTensor, output: SymbolicTensor): boolean {
  const name = layer.getClassName();
  const { activation, dims } = layer as LayerParts;
  if (name === 'Activation') return activation?.getClassName() === 'linear';
  if (name === 'Reshape' || name === 'Flatten') return classCount(input) === classCount(output);
  if (name === 'Permute') return dims?.[dims.length - 1] === input.shape.length - 1;
  return sameRows.has(name);
}

/** Returns an object that behaves like a layer, weights included, and has its own place in the graph. */
function viewOf<L extends layers.Layer>(layer: L, changes: object = {}): L {
  return Object.assign(Object.create(layer) as L, { inboundNodes: [], outboundNodes: [] }, changes);
}

function withoutActivation(layer: layers.Layer): layers.Layer {
  const { layer: wrapped, activation } = layer as LayerParts;
  if (wrapped !== undefined) return viewOf(layer, { layer: withoutActivation(wrapped) });
  return viewOf(layer, { activation: Object.assign(Object.create(activation as object) as object, linear) });
}

/** The linear activation of tfjs, which it does not export. */
const linear = { apply: <T>(x: T): T => x, getClassName: () => 'linear' };

function applied(layer: layers.Layer, inputs: readonly SymbolicTensor[], callArgs: SymbolicTensor['callArgs']): SymbolicTensor {
  const output = layer.apply(inputs.length === 1 ? (inputs[0] as SymbolicTensor) : [...inputs], callArgs) as SymbolicTensor;
  // tfjs records the new use on the layers before it, which are the user's.
  for (const { sourceLayer } of inputs) sourceLayer.outboundNodes.pop();
  return output;
}

/** Returns whether a layer is also used earlier: its view would then be next to the layer itself. */
function isUsedBefore(layer: layers.Layer, inputs: readonly SymbolicTensor[]): boolean {
  const seen = new Set<SymbolicTensor>();
  const next = [...inputs];
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    if (at.sourceLayer === layer) return true;
    next.push(...at.inputs);
  }
  return false;
}

const isModel = (layer: layers.Layer): layer is LayersModel => 'layers' in layer && 'outputs' in layer;
