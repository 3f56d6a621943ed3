import * as tf from '@tensorflow/tfjs-core';
import type { StepDefinition } from '@temper/core';
import { distinctFetches } from '../graph/distinct-fetches.js';
import { lower, type StepGraph } from '../graph/lower.js';
import { nativeBackend } from '../backend/native-backend.js';
import type { Recording } from '../recording/recording.js';
import { openSession } from '../graph/session.js';
import { tryOut } from '../engine/trial.js';

type Tensors = Readonly<Record<string, tf.Tensor>>;
export type Values = Readonly<Record<string, readonly number[]>>;

/** A recorded function of tensors, with its results operation by operation. */
export interface Recorded {
  readonly recording: Recording;
  readonly eager: Values;
  /** Runs a graph made from the recording. */
  run(rewritten?: (step: StepGraph) => StepGraph): { readonly values: Values; readonly operations: readonly string[] };
}

/** Records a function without state. The inputs stay the caller's. */
export function recorded(inputs: Tensors, body: StepDefinition['body']): Recorded {
  const trial = tryOut({ name: 'recorded', state: [], body }, inputs, {});
  const outputs = trial.accept();
  const eager = Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, Array.from(tensor.dataSync())]));
  tf.dispose(outputs as tf.NamedTensorMap);
  return {
    recording: trial.recording,
    eager,
    run(rewritten = (step) => step) {
      const { binding, getInputTensorIds } = nativeBackend();
      const step = distinctFetches(rewritten(lower(trial.recording)));
      const session = openSession(
        step.graph,
        step.feeds.map(({ ref }) => ref),
        Object.values(step.outputs),
      );
      const fed = getInputTensorIds.call(
        nativeBackend(),
        step.feeds.map(({ source }) => inputs[source.key] as tf.Tensor),
      );
      const made = session.run(fed);
      const values = Object.fromEntries(
        Object.keys(step.outputs).map((name, i) => [name, Array.from(binding.tensorDataSync((made[i] as { id: number }).id))]),
      );
      for (const { id } of made) binding.deleteTensor(id);
      session.dispose();
      return { values, operations: step.graph.map(({ op }) => op) };
    },
  };
}
