import type * as tf from '@tensorflow/tfjs-core';

/** A training step as the engine sees it: declared inputs, declared state, ordinary tensor operations between. */
export interface StepDefinition {
  /** For messages, for instance the stage's name. */
  readonly name: string;
  /** Every variable that the body reads or assigns: weights, moving averages, optimizer slots, learned temperatures. */
  readonly state: readonly tf.Variable[];
  /** Tensors that the body reads and never changes: the weights of a teacher that runs inside the step. */
  readonly frozen?: readonly tf.Tensor[];
  /** Told once where an engine has to make the updates in a slower way than its own. */
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

/** Turns a training step into something to call. */
export interface Engine {
  readonly name: string;
  /** What its bits depend on beside the step, for people: versions, number of threads. A run that is gone on with elsewhere says so. */
  readonly conditions?: string;
  /** True where a step does better to pick its batch out of all samples, in tensors that stay, than to be handed one. */
  readonly picksSamples?: boolean;
  /** Makes the step ready to run. */
  prepare(step: StepDefinition, options?: PrepareOptions): PreparedStep;
}

/** What a prepared step has to keep to. */
export interface PrepareOptions {
  /**
   * Every update gives the same bits, whichever number of updates this preparation has made before it. Where an engine
   * finds out in the middle that it cannot, `run` throws a `TemperError` `run/failed` instead of going on another way.
   */
  readonly deterministic?: boolean;
}
