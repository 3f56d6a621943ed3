import * as tf from '@tensorflow/tfjs-core';
import type { Batches, Handed } from './batches.js';
import { isCounting, sharesOf } from '../step/counting.js';
import { scheduleStep } from './finish.js';
import type { FitState } from './fit-state.js';
import { averageKept, keptAt } from '../step/moving-average.js';
import type { Readback } from './readback.js';
import type { batchesOf } from '../../data/sampler.js';
import type { Session } from './session.js';
import { progressAt } from '../plan/length.js';
import type { Stage } from './stage.js';
import { scalarsAt } from '../step/scalars.js';
import type { Role, StepCache } from './step-cache.js';
import type { TrainingStep } from '../step/training-step.js';

/** Everything that makes the updates of a stage. */
export interface UpdateParts {
  readonly stage: Stage;
  readonly steps: StepCache;
  readonly given: Batches;
  /** Milliseconds spent in steps. */
  readonly timing: { steps: number };
  readonly session: Session;
}

/** The position of a training: the next update, the number of averaged updates, and the states of strategies. */
export type Position = Pick<FitState, 'epoch' | 'update' | 'updates' | 'epochs' | 'averaged' | 'strategies' | 'finish'>;

/** A batch of an update, ready for its step. */
interface PreparedBatch {
  readonly tensors: Record<string, tf.Tensor>;
  readonly scalars: Readonly<Record<string, number>>;
  readonly step: TrainingStep;
  run(): Readonly<Record<string, tf.Tensor>>;
}

/**
 * Makes one update from one batch, or from as many micro-batches as `accumulate` says. Micro-batches in which nothing counts are skipped.
 * If nothing counts in the whole update, it is skipped: neither the weights nor the optimizer's state change.
 */
export async function makeUpdate(
  parts: UpdateParts,
  at: Position,
  batches: ReturnType<typeof batchesOf>,
  readback: Readback,
): Promise<void> {
  const { stage, given, timing, session } = parts;
  const { accumulate } = stage.plan;
  let made = false;
  given.ahead?.(between(batches, at.update * accumulate, (at.update + 2) * accumulate));
  await eachBatch(parts, at, batches, ({ run, scalars, step }) => {
    const started = session.clock.now();
    const { numbers } = run();
    timing.steps += session.clock.now() - started;
    readback.add(at.updates, scalars, numbers as tf.Tensor, step.numberNames());
    made = true;
  });
  if (made) at.averaged += stage.average === undefined ? 0 : 1;
  else
    await session.events.warn(
      `in stage "${stage.plan.name}" some updates have no counted position (all have mask 0 or label −100): they change nothing`,
    );
}

/** Returns the batches from this update up to the next one, if the epoch has that many. */
const between = (batches: ReturnType<typeof batchesOf>, from: number, to: number): Int32Array[] =>
  Array.from({ length: Math.max(0, Math.min(to, batches.length) - from) }, (_, i) => batches.at(from + i));

/** Passes each batch of an update in which anything counts to `use`, in order, and disposes it. */
export async function eachBatch(
  { stage, steps, given }: UpdateParts,
  state: Position,
  batches: ReturnType<typeof batchesOf>,
  use: (batch: PreparedBatch) => void,
): Promise<void> {
  const { plan, length, average } = stage;
  const local = state.epoch * length.perEpoch + state.update;
  const at = progressAt(length, scheduleStep(length, state.finish, local));
  const scalars = scalarsAt(stage, at, state.strategies);
  const first = state.update * plan.accumulate;
  const handed: Handed[] = [];
  try {
    for (let i = first; i < Math.min(first + plan.accumulate, batches.length); i++)
      handed.push(await given.at(batches.at(i), state.updates, i - first));
    const parts = handed.filter(({ counted }) => isCounting(counted));
    const shares = plan.accumulate === 1 ? [] : sharesOf(parts.map(({ counted }) => counted));
    const fed = average === undefined ? scalars : { ...scalars, [averageKept]: keptAt(average.decay, state.averaged + 1) };
    for (const [i, { tensors, teacher }] of parts.entries()) {
      const role: Role = plan.accumulate === 1 ? 'whole' : i === parts.length - 1 ? 'last' : 'part';
      const { step, prepared } = steps.at(at, role, teacher);
      const share = shares[i];
      use({ tensors, scalars, step, run: () => prepared.run(tensors, share === undefined ? fed : { ...fed, ...share }) });
    }
  } finally {
    handed.forEach(({ tensors }) => tf.dispose(tensors));
  }
}
