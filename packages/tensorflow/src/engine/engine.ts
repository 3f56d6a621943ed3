import { eagerEngine, type Engine } from '@temper/core';
import { lostOneDnn } from '../backend/load-backend.js';
import { nativeConditions } from './conditions.js';
import { hasNativeBackend } from '../backend/native-backend.js';
import { registerKernels } from '../backend/register-kernels.js';
import { prepareStep } from './prepared-step.js';

/** Options of `compiledEngine`. */
export interface CompiledEngineOptions {
  /**
   * Called once for each prepared step without a `warn` of its own, with the reason why it runs operation by operation. Default:
   * `console.warn`.
   */
  readonly onWarning?: (message: string) => void;
}

/**
 * Runs each update as ONE call of TensorFlow: the step is recorded at its first update and written as a graph, whose
 * inputs are the batch, the scalars and the state. A second recording at other values shows what was frozen by
 * mistake; such a step, and one that reads data back, runs operation by operation after a warning that names the place.
 * Needs the native backend; gives the same updates as `eagerEngine` up to rounding. The graph's updates have the same bits
 * each time; with `deterministic: true` a step that cannot stay with the graph ends the run instead of going on eagerly.
 * @example
 * const step = compiledEngine().prepare({ name: 'train', state: [weight], body: ({ x, learningRate }) => { … } });
 * const { loss } = step.run({ x }, { learningRate: 0.1 });
 */
export function compiledEngine(options: CompiledEngineOptions = {}): Engine {
  let isTold = false;
  const warn = options.onWarning ?? ((message: string) => console.warn(message));
  return {
    name: 'compiled',
    picksSamples: true,
    // Read on demand: the backend is loaded by then.
    get conditions() {
      return nativeConditions();
    },
    prepare(step, { deterministic = false } = {}) {
      registerKernels();
      const tell = step.warn ?? warn;
      // A run's own `warn` reports each message once; elsewhere this engine does.
      if (hasNativeBackend() && !(isTold && step.warn === undefined))
        for (const { message, hint } of lostOneDnn()) tell(`${message}\n  ${hint}`);
      isTold = true;
      return prepareStep(step, { warn: tell, deterministic });
    },
  };
}

/**
 * Records where the native backend is active when a step is prepared, and otherwise runs operation by operation: for passes over data
 * outside of runs.
 * @example const student = createStudent(network, description, { engine: availableEngine() });
 */
export function availableEngine(options: CompiledEngineOptions = {}): Engine {
  const compiled = compiledEngine(options);
  return {
    name: 'available',
    prepare: (step, given) => (hasNativeBackend() ? compiled : eagerEngine).prepare(step, given),
  };
}
