import type * as tf from '@tensorflow/tfjs-core';
import type { CallOptions, Network, Taps } from '../contracts/network.js';
import { TemperError } from '../errors.js';
import { isRecord } from '../is-record.js';
import { isTensor, kindOf, takeFailure } from '../is-tensor.js';
import { reasonOf } from '../reason.js';

/**
 * Runs a network, which may be a user's function.
 * @throws TemperError `model/invalid` with the network's name where the network throws or returns no tensor.
 */
export function askLogits(network: Pick<Network, 'name' | 'logits'>, inputs: tf.Tensor, options: CallOptions): tf.Tensor {
  return onlyTensor(
    answerOf(network.name, inputs, () => network.logits(inputs, options)),
    network.name,
  );
}

/** A network that has intermediate outputs. */
export type TappedNetwork = Pick<Network, 'name'> & Required<Pick<Network, 'tapped'>>;

/**
 * Runs a network and returns its logits and its intermediate outputs.
 * @throws TemperError `model/invalid` with the network's name where the network throws, or an output is missing or not a tensor.
 */
export function askTapped(
  network: TappedNetwork,
  inputs: tf.Tensor,
  taps: readonly string[],
  options: CallOptions,
): { readonly logits: tf.Tensor; readonly taps: Taps } {
  const { name } = network;
  const given: unknown = answerOf(name, inputs, () => network.tapped(inputs, taps, options));
  const outputs = isRecord(given) && isRecord(given['taps']) ? given['taps'] : undefined;
  if (!isRecord(given) || outputs === undefined)
    throw refuse(name, `its function "tapped" must return an object with logits and taps, got ${kindOf(given)}`);
  // For a missing output, the error of the loss that requests it says more.
  const missing = taps.find((tap) => outputs[tap] !== undefined && !isTensor(outputs[tap]));
  if (missing !== undefined)
    throw refuse(name, `its function "tapped" must return a tensor for "${missing}", got ${kindOf(outputs[missing])}`);
  return { logits: onlyTensor(given['logits'], name), taps: outputs as Taps };
}

/**
 * Checks the shape of logits; a function may return another shape for a later batch.
 * @throws TemperError `model/invalid` with the network's name.
 */
export function checkLogitsShape({ shape }: tf.Tensor, labels: tf.Tensor, classes: number, name: string): void {
  const expected = [...labels.shape, classes];
  if (shape.join() === expected.join()) return;
  throw refuse(
    name,
    `gives logits of shape [${shape.join(', ')}] for ${labels.shape.join('×')} samples; expected [${expected.join(', ')}]`,
  );
}

/**
 * Returns the output of a network if it is a tensor.
 * @throws TemperError `model/invalid` at `path` for any other value.
 */
export function onlyTensor(given: unknown, path: string): tf.Tensor {
  if (isTensor(given)) return given;
  takeFailure(given);
  throw refuse(
    path,
    `must give one tensor of logits, got ${kindOf(given)}`,
    'Return one tensor from the function (inputs, { training }) => logits. The function must not be asynchronous.',
  );
}

function answerOf(name: string, inputs: tf.Tensor, ask: () => unknown): unknown {
  try {
    return ask();
  } catch (error) {
    if (error instanceof TemperError) throw error;
    throw refuse(
      name,
      `fails on inputs of shape [${inputs.shape.join(', ')}]: ${reasonOf(error)}`,
      'The error comes from the code of this network.',
      error,
    );
  }
}

const refuse = (path: string, message: string, hint?: string, cause?: unknown): TemperError =>
  new TemperError({
    code: 'model/invalid',
    path,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  });
