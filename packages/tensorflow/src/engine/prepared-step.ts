import * as tf from '@tensorflow/tfjs-core';
import { eagerEngine, TemperError, type PreparedStep, type StepDefinition } from '@temper/core';
import { allowedKernels } from '../backend/kernel-level.js';
import { createChecks, type Checks } from '../recording/checks.js';
import { compileStep, type CompiledStep } from './compiled-step.js';
import { nativeBackend } from '../backend/native-backend.js';
import type { Problem } from '../recording/recording.js';
import { tryOut } from './trial.js';

type Tensors = Readonly<Record<string, tf.Tensor>>;
type Scalars = Readonly<Record<string, number>>;

/** The number of recordings kept for different batch shapes: the usual one, the last of an epoch, and two more. */
const shapesKept = 4;

const pleaseReport = 'Please report this with the operations of your step.';

interface Recorded {
  readonly compiled: CompiledStep;
  readonly checks: Checks;
}

/** Options of a prepared step. */
export interface Preparation {
  readonly warn: (message: string) => void;
  readonly deterministic: boolean;
}

/** Returns a step that is recorded when it is first run, and again for each shape of the batch. */
export function prepareStep(step: StepDefinition, { warn, deterministic }: Preparation): PreparedStep {
  nativeBackend();
  allowedKernels();
  const recorded = new Map<string, Recorded>();
  let eager: PreparedStep | undefined;
  let disposed = false;

  const release = (): void => {
    for (const { compiled } of recorded.values()) compiled.dispose();
    recorded.clear();
  };
  const fallBack = ({ message, hint }: Problem, since: string, outputs: Tensors): Tensors => {
    const isFirst = recorded.size === 0;
    release();
    // A resumed run meets a problem of the first recording at its first update too, and a later problem at another update.
    if (deterministic && !isFirst) {
      tf.dispose(outputs as tf.NamedTensorMap);
      throw notRepeatable(step.name, message, hint);
    }
    eager = eagerEngine.prepare(step);
    warn(`"${step.name}" runs operation by operation from now on, several times slower: ${message}.${since}\n  ${hint}`);
    return outputs;
  };

  // The graph may leave out what becomes NaN operation by operation, such as the gradients of units that are not active (relu). A run ends
  // at such an update and repeats it, to name the term that caused it.
  const leaveToTheLoop = (outputs: Tensors): Tensors => {
    release();
    eager = eagerEngine.prepare(step);
    warn(`"${step.name}" runs operation by operation from now on: this update gives values that are not finite.`);
    return outputs;
  };

  const check = (key: string, batch: Tensors, scalars: Scalars): Tensors => {
    const known = recorded.get(key);
    const trial = tryOut(step, batch, scalars);
    const [problem] =
      trial.recording.problems.length > 0 ? trial.recording.problems : (known?.checks.compare(trial.recording, scalars) ?? []);
    if (problem !== undefined) return fallBack(problem, known?.checks.since(problem) ?? '', trial.accept());
    let compiled = known?.compiled;
    try {
      compiled ??= compileStep(step, trial.recording, Object.keys(scalars));
    } catch (error) {
      return fallBack(
        { message: `TensorFlow refused the recorded graph: ${error instanceof Error ? error.message : String(error)}`, hint: pleaseReport },
        '',
        trial.accept(),
      );
    }
    if (known === undefined) keep(key, { compiled, checks: createChecks(trial.recording, scalars) });
    const { disagreement, outputs } = trial.replaceBy(compiled);
    if (disagreement === undefined) return outputs;
    if (!disagreement.isFinite) return leaveToTheLoop(outputs);
    return fallBack(
      { message: `the recorded graph gives other results than the single operations: ${disagreement.message}`, hint: pleaseReport },
      known?.checks.since(undefined) ?? '',
      outputs,
    );
  };

  const keep = (key: string, one: Recorded): void => {
    recorded.set(key, one);
    const [oldest] = recorded.keys();
    if (recorded.size > shapesKept && oldest !== undefined) {
      recorded.get(oldest)?.compiled.dispose();
      recorded.delete(oldest);
    }
  };

  return {
    run(batch, scalars) {
      if (disposed) throw new TemperError({ code: 'run/failed', message: `the step "${step.name}" was run after it was disposed` });
      if (eager !== undefined) return eager.run(batch, scalars);
      const key = keyOf(batch, scalars);
      const known = recorded.get(key);
      if (known === undefined || known.checks.isDue(scalars)) return check(key, batch, scalars);
      return known.compiled.run(batch, scalars);
    },
    dispose() {
      release();
      disposed = true;
    },
  };
}

const keyOf = (batch: Tensors, scalars: Scalars): string =>
  `${Object.entries(batch)
    .map(([name, { dtype, shape }]) => `${name}:${dtype}[${shape.join()}]`)
    .join(' ')} ${Object.keys(scalars).join()}`;

const notRepeatable = (name: string, message: string, hint: string): TemperError =>
  new TemperError({
    code: 'run/failed',
    message: `"${name}" must be deterministic, which is no longer possible: ${message}`,
    hint: `${hint} Or use the eager engine, or remove deterministic.`,
  });
