import type * as tf from '@tensorflow/tfjs-core';
import type { Network } from '../contracts/network.js';
import { TemperError } from '../errors.js';
import { logOf, suspectOutputs } from './probabilities.js';

/** A network that gives logits, and a notice for the user about a changed ending. */
export interface Logits {
  readonly logits: Network;
  readonly notice?: string;
}

/**
 * Makes sure that a network gives logits, by what was removed from its end and by its outputs for some samples. Where `mayTakeLog`
 * is true, a network that gives probabilities is used through their logarithm, which is exact for a teacher.
 * @throws TemperError `model/invalid` for a network that gives probabilities otherwise.
 */
export async function givesLogits(network: Network, inputs: tf.Tensor, path: string, mayTakeLog: boolean): Promise<Logits> {
  const removed = network.removedEnding;
  if (removed !== undefined) return { logits: network, notice: `${path}: ${explanations[removed]}` };
  const suspicion = await suspectOutputs(network, inputs);
  if (suspicion === undefined) return { logits: network };
  const count = `${inputs.shape[0]} training samples`;
  if (suspicion === 'sigmoids') {
    throw new TemperError({
      code: 'model/invalid',
      path,
      message: `gives numbers between 0 and 1 for ${count} and for inputs 1000 times as large; these are sigmoids, not logits`,
      hint: 'Return the inputs of the sigmoid. The logit of a probability p is log(p / (1 − p)).',
    });
  }
  if (mayTakeLog) return { logits: throughLog(network), notice: `${path}: gives probabilities; their logarithm is used as logits` };
  throw new TemperError({
    code: 'model/invalid',
    path,
    message: `gives probabilities, not logits: for ${count} every row is at least 0 and sums to 1, and a temperature divides logits`,
    hint:
      'Return the inputs of the softmax. If that is not possible, wrap the network: fromProbabilities(network) from ' +
      '@temper/core gives logits.',
  });
}

const explanations = {
  softmax: 'ends in a softmax, which was removed: Temper uses the logits before it',
  sigmoid:
    'ends in a sigmoid for each class, which was removed: Temper applies a softmax to the logits before it, so that ' +
    'the classes are mutually exclusive',
} as const;

function throughLog({ model: _, tapped, ...network }: Network): Network {
  return {
    ...network,
    logits: (inputs, options) => logOf(network.logits(inputs, options)),
    ...(tapped === undefined
      ? {}
      : {
          tapped: (inputs, taps, options) => {
            const { logits, ...rest } = tapped(inputs, taps, options);
            return { ...rest, logits: logOf(logits) };
          },
        }),
  };
}
