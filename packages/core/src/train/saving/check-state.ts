import { z } from 'zod';
import type { StopReport } from '../../contracts/events.js';
import { TemperError } from '../../errors.js';
import type { Json } from '../../json.js';
import { checkNesting } from '../../kit/check-nesting.js';
import { reasonOf } from '../../reason.js';
import type { FitState } from '../loop/fit-state.js';
import type { ReadyStage } from '../plan/ready-stage.js';

const count = z.int().min(0);
const evaluation = z.object({ epoch: count, step: count, validation: z.record(z.string(), z.number()) });
const memory = z.object({
  metric: z.string().optional(),
  best: z.number(),
  mark: z.number().optional(),
  epoch: count.optional(),
  step: count.optional(),
  stale: count,
});
const stop = z.looseObject({
  network: z.string(),
  stage: z.string(),
  rule: z.string(),
  reason: z.string(),
  step: count,
  schedules: z.array(z.json()),
  skipped: z.array(z.string()),
});

const doneState = z.object({ stops: z.array(stop).optional() }).nullable();

/** Reads why the training of a network ended, as saved with the weights; undefined for a state that no run has written. */
export function stopsOf(state: Json): readonly StopReport[] | undefined {
  if (nestingFault(state) !== undefined) return undefined;
  const read = doneState.safeParse(state);
  return read.success ? ((read.data?.stops ?? []) as unknown as readonly StopReport[]) : undefined;
}

const fitState = {
  stage: count,
  epoch: count,
  update: count,
  updates: count,
  epochs: count,
  // Absent in checkpoints of older versions.
  averaged: count.optional(),
  // Checkpoints of older versions have no states of losses.
  strategies: z.object({ temperature: z.json(), weighting: z.json(), losses: z.record(z.string(), z.json()).optional() }),
  seen: z.record(z.string(), z.object({ sum: z.number(), count: z.int().min(1) })),
  last: evaluation.nullable(),
  best: evaluation.nullable(),
  stop: z.object({ early: memory.nullable(), until: memory.nullable() }),
  stageDone: z.boolean(),
  stopped: z.boolean(),
  // Absent in checkpoints of older versions.
  finish: z
    .object({ from: count, steps: z.int().min(1) })
    .nullable()
    .optional(),
  stoppedBy: z.object({ early: z.json(), until: z.json() }).optional(),
  stops: z.array(stop).optional(),
} satisfies Record<keyof FitState, z.ZodType>;

const fingerprint = z.object({
  size: count,
  inputShape: z.array(count),
  classes: count,
  content: z.string().optional(),
  names: z.string().optional(),
}) satisfies z.ZodType;

const runState = z.looseObject({
  network: z.string(),
  fit: z.object(fitState),
  engine: z.string(),
  conditions: z.string().optional(),
  records: count,
  data: z.record(z.string(), fingerprint).optional(),
});

/**
 * Checks the state in a checkpoint before a run continues from it.
 * @param stagesOf Returns the stages of a network by its name; undefined for a network that the run does not train.
 * @throws TemperError `data/invalid` for a state that no run has written, or for a position outside this run.
 */
export function checkRunState(state: Json, stagesOf: (network: string) => readonly Pick<ReadyStage, 'length'>[] | undefined): void {
  const fault = nestingFault(state);
  if (fault !== undefined) throw invalid(`its state is not that of a run (${fault})`);
  const read = runState.safeParse(state);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw invalid(`its state is not that of a run (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`);
  }
  const { network, fit } = read.data;
  const stages = stagesOf(network);
  if (stages === undefined) return;
  const stage = stages[fit.stage];
  if (stage === undefined) throw invalid(`it is in stage ${fit.stage + 1} of "${network}", which has ${stages.length}`);
  const { perEpoch } = stage.length;
  if (fit.update >= perEpoch) throw invalid(`it is before update ${fit.update + 1} of an epoch of "${network}", which has ${perEpoch}`);
  if (fit.updates < fit.update) throw invalid(`it counts ${fit.updates} updates in all, and ${fit.update} in its epoch`);
}

/** Returns why a schema cannot read a state to its end: its depth, its number of values, a name that schemas skip. */
function nestingFault(state: Json): string | undefined {
  try {
    checkNesting(state);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

const invalid = (message: string): TemperError => new TemperError({ code: 'data/invalid', fault: 'run', message });
