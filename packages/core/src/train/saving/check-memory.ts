import { TemperError } from '../../errors.js';
import type { Json } from '../../json.js';
import { reasonOf } from '../../reason.js';
import type { FitState } from '../loop/fit-state.js';
import { progressAt } from '../plan/length.js';
import type { ReadyStage } from '../plan/ready-stage.js';
import { scalarsAt } from '../step/scalars.js';
import { initialStates, reactorsOf, stateAt, withState, type Reactor } from '../step/strategies.js';

/** A saved state that does not fit its strategy. */
interface Misfit {
  readonly place: Reactor['place'];
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
  const message = `what its ${shown(misfit.place)} remembers is not a memory of that strategy (${misfit.message})`;
  throw new TemperError({ code: 'data/invalid', fault: 'run', message });
}

/** Gives a changed strategy its initial state if it cannot use the state that the previous strategy saved. */
export function withFittingMemory<F extends Position>(stages: readonly Stage[] | undefined, fit: F, warn: (message: string) => void): F {
  const stage = stages?.[fit.stage];
  const misfit = misfitOf(stage, fit);
  if (stage === undefined || misfit === undefined) return fit;
  const { place } = misfit;
  const name = shown(place);
  warn(`the changed ${name} begins with its first state: what the ${name} of the checkpoint remembers does not fit it (${misfit.message})`);
  const strategies = withState(fit.strategies, place, stateAt(initialStates(stage.services), place));
  return withFittingMemory(stages, { ...fit, strategies }, warn);
}

/**
 * Finds a saved state that its strategy cannot have written. Either it does not fit the strategy's schema, or the strategy fails with it,
 * gives numbers of other names than with its initial state, or gives a number that no update can use. The last three need no schema,
 * since every state gives numbers of the same names.
 */
function misfitOf(stage: Stage | undefined, { epoch, update, strategies }: Position): Misfit | undefined {
  if (stage === undefined) return undefined;
  const first = initialStates(stage.services);
  const at = progressAt(stage.length, Math.min(epoch * stage.length.perEpoch + update, stage.length.steps - 1));
  for (const {
    place,
    strategy: { state },
  } of reactorsOf(stage.services)) {
    if (state === undefined) continue;
    /** Returns the names of the numbers that follow from a state. */
    const use = (memory: Json): string => {
      const issue = state.schema?.safeParse(memory).error?.issues[0];
      if (issue !== undefined) throw new TypeError(`${issue.path.join('.') || 'it'}: ${issue.message}`);
      return Object.keys(scalarsAt(stage, at, withState(first, place, memory))).join();
    };
    const usual = tried(() => use(state.initial));
    // If the initial state fails as well, the saved state is not the cause.
    if (usual.failed !== undefined) continue;
    const { value, failed } = tried(() => use(stateAt(strategies, place)));
    if (failed !== undefined) return { place, message: failed };
    if (value !== usual.value) return { place, message: 'its numbers have other names than those of the first state' };
  }
  return undefined;
}

const shown = ([kind, name]: Reactor['place']): string => (name === undefined ? kind : `loss "${name}"`);

function tried<T>(body: () => T): { readonly value?: T; readonly failed?: string } {
  try {
    return { value: body() };
  } catch (error) {
    return { failed: error instanceof TemperError ? error.details.message : reasonOf(error) };
  }
}
