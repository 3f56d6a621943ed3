import * as tf from '@tensorflow/tfjs-core';
import type { StepDefinition } from '@temper/core';
import { disagreement, type Outcome } from './agreement.js';
import type { CompiledStep } from './compiled-step.js';
import { holdState } from './held-state.js';
import { nativeAlias, nativeBackend } from '../backend/native-backend.js';
import { record } from '../recording/recorder.js';
import type { Recording } from '../recording/recording.js';
import { withRoundingErrors } from './rounding.js';

type Tensors = Readonly<Record<string, tf.Tensor>>;
type Scalars = Readonly<Record<string, number>>;

/** A step that was recorded while it ran operation by operation, and whose update is not accepted yet. */
export interface Trial {
  readonly recording: Recording;
  /** Keeps the update made during the recording; returns its outputs. */
  accept(): Tensors;
  /**
   * Takes the update back and lets the graph make it instead, so that every update of a run is the graph's and a resumed
   * run, which records at another step, ends with the same bits. Where the two disagree the recorded update stays.
   */
  replaceBy(compiled: CompiledStep): { readonly outputs: Tensors; readonly disagreement?: Disagreement };
}

/** The difference of the graph's update from the recorded one, and whether all values of the recorded one are finite. */
export interface Disagreement {
  readonly message: string;
  readonly isFinite: boolean;
}

/** Runs a step on copies of its inputs while it is recorded. */
export function tryOut(step: StepDefinition, batch: Tensors, scalars: Scalars): Trial {
  const inputs = inputsOf(batch, scalars);
  const held = holdState(step.state);
  let recorded: ReturnType<typeof record>;
  try {
    recorded = record(step, inputs);
  } catch (error) {
    tf.dispose([held.takeBack(), inputs]);
    throw error;
  }
  const { recording, outputs } = recorded;
  const returned = new Set(Object.values(outputs));
  tf.dispose(Object.values(inputs).filter((tensor) => !returned.has(tensor)));
  return {
    recording,
    accept() {
      held.letGo();
      return outputs;
    },
    replaceBy(compiled) {
      const after = held.takeBack();
      const before = step.state.map((variable) => tf.clone(variable as tf.Tensor));
      try {
        const made = compiled.run(batch, scalars);
        const repeat = (number: number): Outcome => repeated(step, before, inputsOf(batch, scalars), number);
        const letGo = (again: Outcome): void => tf.dispose([again.outputs as tf.NamedTensorMap, [...again.state]]);
        const different = disagreement(before, { outputs, state: after }, { outputs: made, state: step.state }, repeat, letGo);
        if (different === undefined) {
          tf.dispose(outputs as tf.NamedTensorMap);
          return { outputs: made };
        }
        step.state.forEach((variable, i) => variable.assign(after[i] as tf.Tensor));
        tf.dispose(made as tf.NamedTensorMap);
        const isFinite = [...Object.values(outputs), ...after].every((tensor) => tensor.dataSync().every(Number.isFinite));
        return { outputs, disagreement: { message: different, isFinite } };
      } finally {
        tf.dispose([before, after]);
      }
    },
  };
}

/** Returns copies of all inputs of an update. */
function inputsOf(batch: Tensors, scalars: Scalars): Record<string, tf.Tensor> {
  const inputs: Record<string, tf.Tensor> = {};
  for (const [name, tensor] of Object.entries(batch)) inputs[name] = nativeAlias(tensor);
  for (const [name, value] of Object.entries(scalars)) inputs[name] = tf.scalar(value);
  return inputs;
}

/** Makes an update from `before` with other rounding errors, and leaves the state unchanged. */
function repeated(step: StepDefinition, before: readonly tf.Tensor[], inputs: Record<string, tf.Tensor>, number: number): Outcome {
  const held = holdState(step.state);
  step.state.forEach((variable, i) => variable.assign(before[i] as tf.Tensor));
  const run = (): Outcome => {
    try {
      const outputs = withRoundingErrors(nativeBackend(), number, () => tf.tidy(() => step.body(inputs)));
      return { outputs, state: held.takeBack() };
    } catch (error) {
      tf.dispose(held.takeBack());
      throw error;
    }
  };
  const outcome = run();
  const returned = new Set(Object.values(outcome.outputs));
  tf.dispose(Object.values(inputs).filter((tensor) => !returned.has(tensor)));
  return outcome;
}
