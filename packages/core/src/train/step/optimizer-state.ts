import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerState } from '../../contracts/optimizer.js';
import { TemperError } from '../../errors.js';
import type { StagePlan } from '../../kit/stage-plan.js';
import type { StageServices } from './strategies.js';
import { tidied } from './tidied.js';

/** An optimizer's state, with the optimizer and the variables that it belongs to. */
export interface KeptOptimizer {
  readonly key: string;
  readonly variables: readonly tf.Variable[];
  readonly state: OptimizerState;
}

/**
 * Returns the state for a stage: that of the previous stage if the optimizer and the variables are the same (or the stage keeps it
 * explicitly), else a new state. Disposes the state that is no longer used.
 */
export function takeOptimizer(
  kept: KeptOptimizer | undefined,
  plan: StagePlan,
  { optimizer }: StageServices,
  variables: readonly tf.Variable[],
): KeptOptimizer {
  const key = JSON.stringify(plan.optimizer);
  const state = tidied(() => optimizer.init(variables));
  if (kept === undefined || plan.optimizerState === 'reset') return replace(kept, { key, variables, state });
  const fits = sameVariables(kept.variables, variables) && sameSlots(kept.state, state);
  if (fits && (plan.optimizerState === 'keep' || kept.key === key)) {
    for (const [name, slot] of Object.entries(state.variables)) slot.assign(kept.state.variables[name] as tf.Tensor);
  } else if (plan.optimizerState === 'keep') {
    tf.dispose(state.variables);
    throw new TemperError({
      code: 'config/invalid',
      path: [...plan.path, 'optimizerState'],
      message: 'cannot keep the state of the previous stage: its optimizer has other slots, or trained other variables',
      hint: "Use the same type of optimizer and the same frozen layers, or optimizerState: 'reset'.",
    });
  }
  return replace(kept, { key, variables, state });
}

function replace(kept: KeptOptimizer | undefined, next: KeptOptimizer): KeptOptimizer {
  tf.dispose(kept?.state.variables ?? {});
  return next;
}

const sameVariables = (one: readonly tf.Variable[], other: readonly tf.Variable[]): boolean =>
  one.length === other.length && one.every((variable, i) => variable === other[i]);

const sameSlots = (one: OptimizerState, other: OptimizerState): boolean => {
  const shapes = ({ variables }: OptimizerState): string =>
    JSON.stringify(Object.entries(variables).map(([name, { shape }]) => [name, shape]));
  return shapes(one) === shapes(other);
};
