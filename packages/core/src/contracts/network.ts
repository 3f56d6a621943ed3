import type * as tf from '@tensorflow/tfjs-core';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Preparation } from './data.js';

/** How a network is called: in training or not, and with which noise. */
export interface CallOptions {
  /** True inside an update: batch statistics, dropout. */
  readonly training: boolean;
  /** Seed of this update's noise, int32 `[2]`, from which layers with noise draw; absent outside of updates. */
  readonly seed?: tf.Tensor1D;
  /** Paths of the layers (see `Network.layers`) that are frozen: they normalise by their moving averages, which do not change. */
  readonly still?: ReadonlySet<string>;
}

/** Any function from inputs `[batch, ...]` to logits `[batch, ..., classes]`. */
export type LogitsFunction = (inputs: tf.Tensor, options: CallOptions) => tf.Tensor;

/** Intermediate outputs of a network by the name of their layer. */
export type Taps = Readonly<Record<string, tf.Tensor>>;

/** The values that a user may pass as teacher or student. */
export type NetworkLike = LayersModel | GraphModel | LogitsFunction | Network;

/** A teacher or student as the loop sees it. */
export interface Network {
  readonly name: string;
  logits: LogitsFunction;
  /** Logits and the named intermediate outputs (layer names); absent if the network has no intermediate outputs. */
  tapped?(inputs: tf.Tensor, taps: readonly string[], options: CallOptions): { readonly logits: tf.Tensor; readonly taps: Taps };
  /** Trained by gradients, in a stable order; empty for a frozen network. */
  readonly parameters: readonly tf.Variable[];
  /** Changed in training but not by gradients: moving averages. */
  readonly buffers: readonly tf.Variable[];
  /** Stable names of the parameters, then the buffers (`conv1/kernel`), for checkpoints and for freezing; default: numbers. */
  readonly variableNames?: readonly string[];
  /** The layers whose outputs `tapped` gives, from the inputs to the logits, without the logits; absent if they are not known. */
  readonly outputs?: readonly LayerOutput[];
  /** Its layers, for freezing whole layers and models within it; without it, variables are frozen by their names alone. */
  readonly layers?: readonly NetworkLayer[];
  /** Penalties on its weights, which training adds to the losses as a separate term. */
  readonly penalties?: readonly Penalty[];
  /** Tensors it reads and never changes: the weights of a graph model. */
  readonly constants?: readonly tf.Tensor[];
  /** True where its logits are computed by a library of their own: it runs outside of updates, which cannot record it. */
  readonly isExternal?: boolean;
  /** The ending that Temper removed, so that `logits` are logits: the run reports it once. */
  readonly removedEnding?: 'softmax' | 'sigmoid';
  /** The tfjs model behind it where there is one, for saving. */
  readonly model?: LayersModel | GraphModel;
  /** The preparation that `logits` expects of its inputs; absent if it is not known. */
  readonly preparation?: Preparation;
  /** The preparation that `model` expects, if it differs from `preparation`. */
  readonly modelPreparation?: Preparation;
  /** Frees its weights, where it owns them. */
  dispose(): void;
}

/** A layer whose output can be requested from a network. */
export interface LayerOutput {
  readonly name: string;
  /** Shape of its output for one sample; null where a size depends on the inputs. */
  readonly shape: readonly (number | null)[];
  /** True for the last layer of a block. Rules that choose layers (`every`, `last`) count blocks. */
  readonly endsBlock?: boolean;
  /** True for the layer that the logits are computed from. */
  readonly isPenultimate?: boolean;
}

/** A layer of a network. */
export interface NetworkLayer {
  /** Its name, after those of the models it is part of: `backbone/bn1`. */
  readonly path: string;
  readonly variables: readonly tf.Variable[];
  /** True where calling it in training changes variables that no gradient trains: moving averages. */
  readonly moves: boolean;
}

/** A penalty on weights, such as the `kernelRegularizer` of a tfjs layer. */
export interface Penalty {
  /** The weights it is of. */
  readonly variables: readonly tf.Variable[];
  /** Its value now, by tensor operations. */
  value(): tf.Scalar;
}

/** Builds a network for a data set's shape; what a model plug-in creates. */
export type NetworkBuilder = (shape: NetworkShape) => NetworkLike;

/** The facts for which a network is built: shape and classes of the data, seed and name. */
export interface NetworkShape {
  /** Shape of one sample, without the batch. */
  readonly inputShape: readonly number[];
  readonly classes: number;
  /** Weights are a function of this number alone. */
  readonly seed: number;
  readonly name: string;
}
