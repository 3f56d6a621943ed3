import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../../contracts/data.js';
import type { Loss } from '../../contracts/loss.js';
import type { CallOptions, Network, Taps } from '../../contracts/network.js';
import { TemperError } from '../../errors.js';
import { askLogits, askTapped, type TappedNetwork } from '../../networks/ask-logits.js';
import type { StagePlan } from '../../kit/stage-plan.js';

/** Runs a network and returns its logits and the intermediate outputs that the losses need. */
export function runNetwork(
  network: Network,
  inputs: tf.Tensor,
  taps: readonly string[],
  options: CallOptions,
): { logits: tf.Tensor; taps: Taps } {
  if (taps.length === 0) return { logits: askLogits(network, inputs, options), taps: {} };
  if (network.tapped === undefined) {
    throw new TemperError({
      code: 'model/invalid',
      message: `${network.name} has no intermediate outputs, and a loss needs ${taps.join(', ')}`,
      hint: 'Use a tfjs LayersModel, or a Network with a function `tapped`.',
    });
  }
  return askTapped(network as TappedNetwork, inputs, taps, options);
}

/** Lists the layers whose outputs the losses need of one of the networks, each once. */
export const tapsOf = (losses: Readonly<Record<string, Loss>>, side: 'student' | 'teacher'): string[] => [
  ...new Set(Object.values(losses).flatMap((loss) => loss.taps?.[side] ?? [])),
];

/** Returns the shapes of intermediate outputs, without the batch dimension. */
export function tapShapes(network: Network | undefined, sample: Batch, taps: readonly string[]): Record<string, readonly number[]> {
  if (network?.tapped === undefined || taps.length === 0) return {};
  return tf.tidy(() => {
    const outputs = askTapped(network as TappedNetwork, sample.inputs, taps, { training: false }).taps;
    return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, tensor.shape.slice(1)])) as never;
  });
}

export const noCommonTaps = ({ paths }: StagePlan, taps: readonly string[]): TemperError =>
  new TemperError({
    code: 'config/invalid',
    path: paths.losses,
    message: `needs intermediate outputs (${taps.join(', ')}), which an ensemble does not have`,
    hint: 'Use a single teacher for losses on intermediate outputs.',
  });
