import * as tf from '@tensorflow/tfjs-core';
import type { FitState } from './fit-state.js';
import { eachBatch, makeUpdate, type Position, type UpdateParts } from './make-update.js';
import { areFinite } from '../step/finite-probe.js';
import { isFiniteReport, nonFiniteLoss, nonFiniteUpdate, nonFiniteWeights } from './non-finite.js';
import { createReadback, type StepReport } from './readback.js';
import { batchesOf } from '../../data/sampler.js';
import { learnedList } from '../step/learned-variables.js';

/** Checks the state of a stage, so that weights that are not finite are neither evaluated nor saved. */
export interface FiniteCheck {
  /** Checks everything that training changes. Throws `run/non-finite`, which names the update and the term that caused it. */
  check(): Promise<void>;
  /** Checks the reports of updates, and from time to time the state. Throws like `check`. */
  checkReports(reports: readonly StepReport[]): Promise<void>;
  dispose(): void;
}

/** Updates between two checks of the state if nothing is evaluated or saved: a check takes about 20 % of a small network's update. */
const updatesBetween = 100;

/**
 * Creates the check of a stage. A state that is not finite stays so; therefore it is enough to check from time to time. The state of the
 * last check is kept. After a failed check the updates since then are repeated one by one, to find the first that failed.
 */
export function createFiniteCheck(parts: UpdateParts, state: FitState): FiniteCheck {
  const { plan } = parts.stage;
  const variables = stateOf(parts);
  let kept: { readonly at: Position; readonly values: readonly tf.Tensor[] } | undefined;
  const dispose = (): void => {
    tf.dispose(kept?.values as tf.Tensor[] | undefined);
    kept = undefined;
  };
  const check = async (): Promise<void> => {
    if (kept?.at.updates === state.updates) return;
    if (!(await areFinite(variables))) throw await explained(nonFiniteWeights(plan, state.updates));
    dispose();
    kept = { at: positionOf(state), values: variables.map((variable) => tf.clone(variable)) };
  };
  const explained = async (otherwise: Error): Promise<Error> => {
    if (kept === undefined) return otherwise;
    assign(variables, kept.values);
    return (
      (await firstFault(parts, variables, { ...kept.at, strategies: state.strategies, finish: state.finish }, state.updates)) ?? otherwise
    );
  };
  return {
    check,
    async checkReports(reports) {
      const bad = reports.find((report) => !isFiniteReport(report));
      // An earlier update may have produced the weights from which this loss was computed.
      if (bad !== undefined) throw await explained(nonFiniteLoss(plan, bad));
      if (state.updates - (kept?.at.updates ?? 0) >= updatesBetween) await check();
    },
    dispose,
  };
}

/** Repeats updates until the state is no longer finite; returns undefined if it stays finite. */
async function firstFault(parts: UpdateParts, variables: readonly tf.Variable[], at: Position, end: number): Promise<Error | undefined> {
  const { stage, session } = parts;
  const { plan, length, data } = stage;
  const again: UpdateParts = { ...parts, timing: { steps: 0 } };
  const readback = createReadback();
  const position = { ...at };
  try {
    while (position.updates < end) {
      if (position.update === Math.min(length.perEpoch, length.steps - position.epoch * length.perEpoch)) {
        position.epoch += 1;
        position.epochs += 1;
        position.update = 0;
      }
      const batches = batchesOf(session.random, position.epochs, data.size, plan.batchSize);
      const before = variables.map((variable) => tf.clone(variable));
      try {
        await makeUpdate(again, position, batches, readback);
        const reports = await readback.read();
        const bad = reports.find((report) => !isFiniteReport(report));
        if (bad !== undefined) return nonFiniteLoss(plan, bad);
        if (!(await areFinite(variables))) {
          assign(variables, before);
          return nonFiniteUpdate(plan, reports[reports.length - 1] as StepReport, await faultyTerms(again, position, batches));
        }
      } finally {
        tf.dispose(before);
      }
      position.update += 1;
      position.updates += 1;
    }
    return undefined;
  } finally {
    readback.dispose();
  }
}

/** Returns the terms of the loss whose gradients are not finite in some batch of an update. */
async function faultyTerms(parts: UpdateParts, at: Position, batches: ReturnType<typeof batchesOf>): Promise<string[]> {
  const probes: Record<string, tf.Scalar>[] = [];
  await eachBatch(parts, at, batches, ({ step, tensors, scalars }) => {
    probes.push(
      tf.tidy(() =>
        step.gradientProbes({
          ...tensors,
          ...Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, tf.scalar(value)])),
        }),
      ),
    );
  });
  const found = new Set<string>();
  for (const [term, probe] of probes.flatMap((one) => Object.entries(one))) {
    if ((await probe.data())[0] !== 0) found.add(term);
    probe.dispose();
  }
  return [...found];
}

/** Lists every tensor that updates change. */
function stateOf({ stage: { student, optimizerState, learned, average } }: UpdateParts): tf.Variable[] {
  return [
    ...new Set([
      ...student.parameters,
      ...student.buffers,
      ...Object.values(optimizerState.variables),
      ...learnedList(learned),
      ...(average?.shadows ?? []),
    ]),
  ];
}

const positionOf = ({ epoch, update, updates, epochs, averaged, strategies, finish }: FitState): Position => ({
  epoch,
  update,
  updates,
  epochs,
  averaged,
  strategies,
  finish,
});

const assign = (variables: readonly tf.Variable[], values: readonly tf.Tensor[]): void =>
  variables.forEach((variable, i) => variable.assign(values[i] as tf.Tensor));
