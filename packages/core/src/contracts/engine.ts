import type * as tf from '@tensorflow/tfjs-core';

/** A training step for an engine: declared inputs, declared state, and ordinary tensor operations. */
export interface StepDefinition {
  /** For messages, for instance the stage's name. */
  readonly name: string;
  /** Every variable that the body reads or assigns: weights, moving averages, optimizer slots, learned temperatures. */
  readonly state: readonly tf.Variable[];
  /** Tensors that the body reads and never changes: the weights of a teacher that runs inside the step. */
  readonly frozen?: readonly tf.Tensor[];
  /** Called once if an engine must compute the updates in a slower way. */
  readonly warn?: (message: string) => void;
  /**
   * The step itself. Reads tensors only through `inputs` (batch tensors and, under their names, the scalars), never
   * reads data back, and returns named tensors.
   */
  body(inputs: Readonly<Record<string, tf.Tensor>>): Readonly<Record<string, tf.Tensor>>;
}

/** A training step that is ready to make updates. */
export interface PreparedStep {
  /** Makes one update. The caller owns `batch` and the returned tensors. */
  run(batch: Readonly<Record<string, tf.Tensor>>, scalars: Readonly<Record<string, number>>): Readonly<Record<string, tf.Tensor>>;
  /** Frees what the preparation holds; the state stays. */
  dispose(): void;
}

/** Prepares training steps. */
export interface Engine {
  readonly name: string;
  /**
   * Conditions besides the step on which its results depend to the bit: versions, number of threads. A run that continues under other
   * conditions warns.
   */
  readonly conditions?: string;
  /** True if a step that picks its batch out of all samples, in permanent tensors, is faster than one that gets a batch. */
  readonly picksSamples?: boolean;
  /** Makes the step ready to run. */
  prepare(step: StepDefinition, options?: PrepareOptions): PreparedStep;
}

/** Requirements for a prepared step. */
export interface PrepareOptions {
  /**
   * Every update gives the same bits, independent of the number of updates before it. If the engine detects during a run that this is not
   * possible, `run` throws a `TemperError` `run/failed`.
   */
  readonly deterministic?: boolean;
}
