import { TemperError } from '../../errors.js';
import type { Json } from '../../json.js';
import { reasonOf } from '../../reason.js';
import type { FitState } from '../loop/fit-state.js';
import { progressAt } from '../plan/length.js';
import type { ReadyStage } from '../plan/ready-stage.js';
import { scalarsAt } from '../step/scalars.js';
import { stateOf } from '../step/strategies.js';

/** A strategy with a state. */
type Side = keyof FitState['strategies'];

/** A saved state that does not fit its strategy. */
interface Misfit {
  readonly side: Side;
  readonly message: string;
}

/** The position of a training and the states of its strategies there. */
type Position = Pick<FitState, 'stage' | 'epoch' | 'update' | 'strategies'>;
type Stage = Pick<ReadyStage, 'plan' | 'services' | 'length'>;

/**
 * Refuses a checkpoint with a state that the strategy of its stage cannot have written.
 * @throws TemperError `data/invalid`
 */
export function checkMemory(stages: readonly Stage[] | undefined, fit: Position): void {
  const misfit = misfitOf(stages?.[fit.stage], fit);
  if (misfit === undefined) return;
  const message = `what its ${misfit.side} remembers is not a memory of that strategy (${misfit.message})`;
  throw new TemperError({ code: 'data/invalid', fault: 'run', message });
}

/** Gives a changed strategy its initial state if it cannot use the state that the previous strategy saved. */
export function withFittingMemory<F extends Position>(stages: readonly Stage[] | undefined, fit: F, warn: (message: string) => void): F {
  const stage = stages?.[fit.stage];
  const misfit = misfitOf(stage, fit);
  if (stage === undefined || misfit === undefined) return fit;
  const { side } = misfit;
  warn(`the changed ${side} begins with its first state: what the ${side} of the checkpoint remembers does not fit it (${misfit.message})`);
  const strategies = { ...fit.strategies, [side]: stateOf(stage.services[side]) };
  return withFittingMemory(stages, { ...fit, strategies }, warn);
}

/**
 * Finds a saved state that its strategy cannot have written. Either it does not fit the strategy's schema, or the strategy fails with it,
 * gives numbers of other names than with its initial state, or gives a number that no update can use. The last three need no schema,
 * since every state gives numbers of the same names.
 */
function misfitOf(stage: Stage | undefined, { epoch, update, strategies }: Position): Misfit | undefined {
  if (stage === undefined) return undefined;
  const { temperature, weighting } = stage.services;
  const first = { temperature: stateOf(temperature), weighting: stateOf(weighting) };
  const at = progressAt(stage.length, Math.min(epoch * stage.length.perEpoch + update, stage.length.steps - 1));
  for (const side of ['temperature', 'weighting'] as const) {
    const { state } = stage.services[side];
    if (state === undefined) continue;
    /** Returns the names of the numbers that follow from a state. */
    const use = (memory: Json): string => {
      const issue = state.schema?.safeParse(memory).error?.issues[0];
      if (issue !== undefined) throw new TypeError(`${issue.path.join('.') || 'it'}: ${issue.message}`);
      return Object.keys(scalarsAt(stage, at, { ...first, [side]: memory })).join();
    };
    const usual = tried(() => use(state.initial));
    // If the initial state fails as well, the saved state is not the cause.
    if (usual.failed !== undefined) continue;
    const { value, failed } = tried(() => use(strategies[side]));
    if (failed !== undefined) return { side, message: failed };
    if (value !== usual.value) return { side, message: 'its numbers have other names than those of the first state' };
  }
  return undefined;
}

function tried<T>(body: () => T): { readonly value?: T; readonly failed?: string } {
  try {
    return { value: body() };
  } catch (error) {
    return { failed: error instanceof TemperError ? error.details.message : reasonOf(error) };
  }
}
