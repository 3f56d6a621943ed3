import { initializers, input, layers, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { createRandom, TemperError, type NetworkShape } from '@temper/core';
import type { z } from 'zod';
import type { activationOption } from '../options/parts.js';
import { dropout } from '../layers/dropout.js';

type Initializer = ReturnType<typeof initializers.heUniform>;

/** Passes a tensor through layers, one after the other. */
export const through = (x: SymbolicTensor, ...stack: readonly layers.Layer[]): SymbolicTensor =>
  stack.reduce((value, layer) => layer.apply(value) as SymbolicTensor, x);

/** The input of a network for samples of this shape. */
export const inputOf = ({ inputShape }: NetworkShape, dtype: 'float32' | 'int32' = 'float32'): SymbolicTensor =>
  input({ shape: [...inputShape], name: 'input', dtype });

/** The finished network. */
export const networkFrom = ({ name }: NetworkShape, from: SymbolicTensor, logits: SymbolicTensor): LayersModel =>
  model({ inputs: from, outputs: logits, name });

export interface InitialWeights {
  /** Before a relu: variance 2 / inputs. */
  hidden(layer: string): Initializer;
  /** Before no activation: variance 2 / (inputs + outputs). */
  output(layer: string): Initializer;
  /** Standard deviation 0.02. */
  embedding(layer: string): Initializer;
}

/**
 * Initial weights of each layer, a function of the network's seed and the layer's name alone. Uniform
 * distributions, since those need no logarithm, whose last bit is not the same on every machine.
 */
export function initialWeights({ seed }: NetworkShape): InitialWeights {
  const random = createRandom(seed);
  // A seed of 0 means "none" to tfjs.
  const seedOf = (layer: string): number => 1 + random.stream(`weights/${layer}`).integer(0x7fffffff);
  return {
    hidden: (layer) => initializers.heUniform({ seed: seedOf(layer) }),
    output: (layer) => initializers.glorotUniform({ seed: seedOf(layer) }),
    embedding: (layer) => initializers.randomUniform({ minval: -0.035, maxval: 0.035, seed: seedOf(layer) }),
  };
}

/** Dense layers `prefix_1`, `prefix_2`, …, each with its activation and dropout. */
export function denseStack(
  x: SymbolicTensor,
  prefix: string,
  {
    widths,
    activation,
    rate,
  }: { readonly widths: readonly number[]; readonly activation: z.infer<typeof activationOption>; readonly rate: number },
  initial: InitialWeights,
): SymbolicTensor {
  return widths.reduce((value, units, i) => {
    const name = `${prefix}_${i + 1}`;
    const dense = layers.dense({ name, units, activation, kernelInitializer: initial.hidden(name) });
    return through(value, dense, ...dropout(`dropout_${i + 1}`, rate, i + 1));
  }, x);
}

/** The last layer, whose outputs are the logits. */
export const logitsLayer = ({ classes }: NetworkShape, initial: InitialWeights): layers.Layer =>
  layers.dense({ name: 'logits', units: classes, kernelInitializer: initial.output('logits') });

/** An error about an architecture that does not fit the shape of the data. */
export const misfit = (type: string, { name }: NetworkShape, message: string, hint: string): TemperError =>
  new TemperError({ code: 'model/invalid', message: `${name} (${type}): ${message}`, hint });

/** A shape as people write it. */
export const sizes = (shape: readonly number[]): string => (shape.length === 0 ? 'single numbers' : `of shape ${shape.join('×')}`);

/** Height, width and channels of the images that a network takes; grey images may come without channels. */
export function imageShape(type: string, shape: NetworkShape): readonly [height: number, width: number, channels: number] {
  const [height, across, channels = 1] = shape.inputShape;
  if (height !== undefined && across !== undefined && shape.inputShape.length <= 3) return [height, across, channels];
  throw misfit(
    type,
    shape,
    `takes images, [height, width] or [height, width, channels]; the data's samples are ${sizes(shape.inputShape)}`,
    'Choose the model "mlp", which takes samples of any shape, or data of images.',
  );
}
