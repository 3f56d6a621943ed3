import { tf } from '#libraries';
import type { Engine, PrepareOptions } from '../contracts/engine.js';
import type { Network } from '../contracts/network.js';
import { askLogits } from './ask-logits.js';

/** A prepared pass of samples through a network that is not trained. */
export interface Forward {
  /** Returns the logits of a batch of inputs; the caller disposes them. */
  logits(inputs: tf.Tensor): tf.Tensor;
  /** Frees what the preparation holds; the network stays. */
  dispose(): void;
}

/** The facts of a pass: all samples of a data set, in batches of one size except for the last. */
export interface Pass extends PrepareOptions {
  readonly engine: Engine;
  readonly size: number;
  readonly batchSize: number;
  readonly warn?: (message: string) => void;
}

/**
 * The number of full batches from which the engine prepares a pass like a training step. Recording and its checks cost as much as ten
 * batches of a small convolutional network save, and 25 of a fully connected one. The number counts a single pass, and every pass is
 * prepared separately, so that a resumed run computes as an unbroken one does.
 */
const fewestBatches = 24;

/**
 * Prepares a network for one pass over a data set. Full batches run as the engine prepares them where there are enough of them; a smaller
 * last batch runs operation by operation, and so do networks that another library computes.
 */
export function forwardPass(network: Network, { engine, size, batchSize, warn, deterministic = false }: Pass): Forward {
  const eager = (inputs: tf.Tensor): tf.Tensor =>
    tf.tidy(() => {
      const logits = askLogits(network, inputs, { training: false });
      // The caller disposes both.
      return logits === inputs ? tf.clone(logits) : logits;
    });
  if (size < fewestBatches * batchSize || network.isExternal === true) return { logits: eager, dispose: () => undefined };
  const step = engine.prepare(
    {
      name: `evaluation of ${network.name}`,
      state: [],
      frozen: [...network.parameters, ...network.buffers, ...(network.constants ?? [])],
      ...(warn === undefined ? {} : { warn }),
      body: ({ inputs }) => ({ logits: askLogits(network, inputs as tf.Tensor, { training: false }) }),
    },
    { deterministic },
  );
  return {
    logits: (inputs) => (inputs.shape[0] === batchSize ? (step.run({ inputs }, {})['logits'] as tf.Tensor) : eager(inputs)),
    dispose: () => step.dispose(),
  };
}

/** The part of a run's session that its passes need. */
interface Running {
  readonly engine: Engine;
  readonly deterministic: boolean;
  readonly events: { warn(message: string): Promise<void> };
}

/** Prepares a pass within a run, with the run's engine. */
export const passIn = ({ engine, deterministic, events }: Running, size: number, batchSize: number): Pass => ({
  engine,
  deterministic,
  size,
  batchSize,
  warn: (message) => void events.warn(message),
});
