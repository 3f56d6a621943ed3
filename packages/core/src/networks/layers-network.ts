import { tf, tfl } from '#libraries';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { CallOptions, Network } from '../contracts/network.js';
import { TemperError, unknownName } from '../errors.js';
import { removedEnding, type Ending } from './ending.js';
import { layerOutputs, outputOf } from './layer-outputs.js';
import { layersAtLogits } from './layers-at-logits.js';
import { takesRawInputs } from '../student/raw-inputs.js';
import { isTrainable, keepingStill, layersOf, penaltiesOf } from './layers.js';
import { calledForTraining } from './training-calls.js';

/** Wraps a tfjs model as a network. */
export function layersNetwork(given: LayersModel, name: string): Network {
  const model = layersAtLogits(given) ?? given;
  const variables = (weights: LayersModel['weights']): tf.Variable[] => weights.map((weight) => weight.read() as tf.Variable);
  const found = layersOf(model);
  const withTaps = new Map<string, LayersModel>();
  const tapModel = (taps: readonly string[]): LayersModel => {
    const key = taps.join('\n');
    const known = withTaps.get(key);
    if (known !== undefined) return known;
    const outputs = [model.outputs[0] as SymbolicTensor, ...taps.map((tap) => tapOutput(model, name, tap))];
    const made = tfl.model({ inputs: model.inputs, outputs });
    withTaps.set(key, made);
    return made;
  };
  const layers = found.map(({ layer }) => layer);
  const applied = (to: LayersModel, inputs: tf.Tensor, options: CallOptions): unknown =>
    keepingStill(found, options, () => calledForTraining(layers, options, () => to.apply(inputs, kwargs(options))));
  return {
    name,
    model,
    ...removedFrom(removedEnding(model)),
    // A saved student that tfjs loaded without Temper prepares raw inputs itself.
    ...(takesRawInputs(model) ? { preparation: { type: 'none' } } : {}),
    parameters: variables(model.trainableWeights),
    buffers: variables(model.nonTrainableWeights),
    variableNames: [...model.trainableWeights, ...model.nonTrainableWeights].map(({ originalName }) => originalName),
    outputs: layerOutputs(model),
    layers: found.map((one) => ({ path: one.path, moves: one.moves && isTrainable(one), variables: variables(one.layer.weights) })),
    penalties: penaltiesOf(found, variables(model.weights)),
    logits: (inputs, options) => single(applied(model, inputs, options), name),
    tapped(inputs, taps, options) {
      const whole = tapModel(taps);
      const [logits, ...outputs] = [applied(whole, inputs, options)].flat() as tf.Tensor[];
      return { logits: logits as tf.Tensor, taps: Object.fromEntries(taps.map((tap, i) => [tap, outputs[i] as tf.Tensor])) };
    },
    dispose: () => void model.dispose(),
  };
}

const kwargs = ({ training, seed }: CallOptions): Record<string, unknown> => (seed === undefined ? { training } : { training, seed });

function tapOutput(model: LayersModel, name: string, tap: string): SymbolicTensor {
  const output = outputOf(model, tap) ?? model.layers.find((one) => one.name === tap)?.output;
  if (output === undefined)
    throw new TemperError({
      code: 'model/invalid',
      message: `${name}: ${unknownName(
        'layer',
        tap,
        model.layers.map((one) => one.name),
      )}`,
    });
  return output as SymbolicTensor;
}

/** Returns the ending that was removed from a model, if any. */
export const removedFrom = (ending: Ending | undefined): Pick<Network, 'removedEnding'> =>
  ending === undefined ? {} : { removedEnding: ending };

/** Returns the single output of a network. */
export function single(output: unknown, name: string): tf.Tensor {
  if (output instanceof tf.Tensor) return output;
  throw new TemperError({
    code: 'model/invalid',
    message: `${name}: must give one tensor of logits, got ${Array.isArray(output) ? `${output.length} outputs` : typeof output}`,
  });
}
