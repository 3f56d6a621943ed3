import * as tf from '@tensorflow/tfjs-core';
import type { Batches } from './batches.js';
import type { FitState } from './fit-state.js';
import type { Readback } from './readback.js';
import type { batchesOf } from './sampler.js';
import type { Session } from './session.js';
import { progressAt, scalarsAt, type Stage } from './stage.js';
import type { Role, StepCache } from './step-cache.js';
import type { TrainingStep } from './step.js';

/** What makes the updates of a stage. */
export interface UpdateParts {
  readonly stage: Stage;
  readonly steps: StepCache;
  readonly given: Batches;
  /** Milliseconds inside of steps. */
  readonly timing: { steps: number };
  readonly session: Session;
}

/** Where a training stands: the next update, and what strategies remember. */
export type Position = Pick<FitState, 'epoch' | 'update' | 'updates' | 'epochs' | 'strategies'>;

/** A batch of an update, ready for its step. */
interface PreparedBatch {
  readonly role: Role;
  readonly tensors: Record<string, tf.Tensor>;
  readonly scalars: Readonly<Record<string, number>>;
  readonly step: TrainingStep;
  run(): Readonly<Record<string, tf.Tensor>>;
}

/** One update: one batch, or as many as `accumulate` says. */
export async function makeUpdate(parts: UpdateParts, at: Position, batches: ReturnType<typeof batchesOf>, readback: Readback): Promise<void> {
  const { timing, session } = parts;
  await eachBatch(parts, at, batches, ({ run, scalars, step }) => {
    const started = session.clock.now();
    const { numbers } = run();
    timing.steps += session.clock.now() - started;
    readback.add(at.updates, scalars, numbers as tf.Tensor, step.numberNames());
  });
}

/** Gives each batch of an update to `use`, in order, and disposes it. */
export async function eachBatch(
  { stage, steps, given }: UpdateParts,
  state: Position,
  batches: ReturnType<typeof batchesOf>,
  use: (batch: PreparedBatch) => void,
): Promise<void> {
  const { accumulate } = stage.plan;
  const at = progressAt(stage.length, state.epoch * stage.length.perEpoch + state.update);
  const scalars = scalarsAt(stage, at, state.strategies);
  const first = state.update * accumulate;
  const parts = Math.min(accumulate, batches.length - first);
  const indices = Array.from({ length: parts }, (_, i) => batches.at(first + i));
  const samples = indices.reduce((sum, part) => sum + part.length, 0);
  for (const [i, part] of indices.entries()) {
    const role: Role = accumulate === 1 ? 'whole' : i === parts - 1 ? 'last' : 'part';
    const { tensors, teacher } = await given.at(part, state.updates, i);
    const { step, prepared } = steps.at(at, role, teacher);
    const fed = accumulate === 1 ? scalars : { ...scalars, share: part.length / samples };
    use({ role, tensors, scalars, step, run: () => prepared.run(tensors, fed) });
    tf.dispose(tensors);
  }
}
