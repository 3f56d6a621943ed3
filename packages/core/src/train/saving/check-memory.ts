import { TemperError } from '../../errors.js';
import type { Json } from '../../json.js';
import { reasonOf } from '../../reason.js';
import type { FitState } from '../loop/fit-state.js';
import { progressAt } from '../plan/length.js';
import type { ReadyStage } from '../plan/ready-stage.js';
import { scalarsAt } from '../step/scalars.js';
import { stateOf } from '../step/strategies.js';

/** A strategy that remembers something. */
type Side = keyof FitState['strategies'];

/** A memory that does not fit its strategy. */
interface Misfit {
  readonly side: Side;
  readonly message: string;
}

/** Where a training stands, and what its strategies remember there. */
type Position = Pick<FitState, 'stage' | 'epoch' | 'update' | 'strategies'>;
type Stage = Pick<ReadyStage, 'plan' | 'services' | 'length'>;

/**
 * Refuses a checkpoint with a memory that the strategy of its stage cannot have written.
 * @throws TemperError `data/invalid`
 */
export function checkMemory(stages: readonly Stage[] | undefined, fit: Position): void {
  const misfit = misfitOf(stages?.[fit.stage], fit);
  if (misfit === undefined) return;
  const message = `what its ${misfit.side} remembers is not a memory of that strategy (${misfit.message})`;
  throw new TemperError({ code: 'data/invalid', fault: 'run', message });
}

/** Lets a strategy that has been changed begin with its first state where it cannot use what the one before it remembered. */
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
 * Finds a memory of a checkpoint that its strategy cannot have written: one that is not in the strategy's schema, or with which the
 * strategy fails, names other numbers than with its first state, or gives a number that no update can use. The last three need no
 * schema, since the numbers of every state have the same names.
 */
function misfitOf(stage: Stage | undefined, { epoch, update, strategies }: Position): Misfit | undefined {
  if (stage === undefined) return undefined;
  const { temperature, weighting } = stage.services;
  const first = { temperature: stateOf(temperature), weighting: stateOf(weighting) };
  const at = progressAt(stage.length, Math.min(epoch * stage.length.perEpoch + update, stage.length.steps - 1));
  for (const side of ['temperature', 'weighting'] as const) {
    const { state } = stage.services[side];
    if (state === undefined) continue;
    /** Names of the numbers that come of a memory. */
    const use = (memory: Json): string => {
      const issue = state.schema?.safeParse(memory).error?.issues[0];
      if (issue !== undefined) throw new TypeError(`${issue.path.join('.') || 'it'}: ${issue.message}`);
      return Object.keys(scalarsAt(stage, at, { ...first, [side]: memory })).join();
    };
    const usual = tried(() => use(state.initial));
    // Where the first state fails as well, the memory is not at fault.
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
