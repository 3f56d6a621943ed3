import * as tf from '@tensorflow/tfjs-core';
import type { Batch, DataSet } from '../contracts/data.js';
import type { Loss } from '../contracts/loss.js';
import type { Network } from '../contracts/network.js';
import type { PreparedStep } from '../contracts/engine.js';
import type { Optimizer, OptimizerState } from '../contracts/optimizer.js';
import type { Metrics, ReactiveState, Scalars, TemperatureSchedule } from '../contracts/schedule.js';
import type { LossWeighting } from '../contracts/weighting.js';
import { TemperError } from '../errors.js';
import type { Json } from '../json.js';
import type { Progress } from '../progress.js';
import { named } from './blame.js';
import { createMeans, createReadback, type StepReport } from './readback.js';
import { batchesOf, stepsPerEpoch } from './sampler.js';
import { createBreather, throwIfStopped, type Session } from './session.js';
import { prefixed, tapsOf, trainingStep, type LearnedVariables, type TrainingStep } from './step.js';
import { initialTemperature, stateOf } from './strategies.js';
import type { TeacherView } from './evaluate.js';

/** A stretch of training with everything it needs resolved. */
export interface Stage {
  readonly name: string;
  readonly index: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly data: DataSet;
  readonly student: Network;
  readonly teacher: TeacherView | undefined;
  readonly losses: Readonly<Record<string, Loss>>;
  readonly temperature: TemperatureSchedule;
  readonly weighting: LossWeighting;
  readonly optimizer: Optimizer;
  readonly optimizerState: OptimizerState;
  readonly learned: LearnedVariables;
  /** Where the stage begins in the run, and how long the run is. */
  readonly position: { readonly epoch: number; readonly step: number; readonly totalSteps: number };
  /** Called after each epoch (numbered from 1 over the whole run); gives the validation metrics. */
  readonly evaluate: (epoch: number, step: number) => Promise<Metrics>;
}

/** Where the time of a stage went, in milliseconds: inside of steps, and in the loop as a whole (evaluation left out). */
export interface StageTiming {
  readonly steps: number;
  readonly loop: number;
}

/** How many times an epoch reads back what its updates reported. */
const readsPerEpoch = 10;

/** Runs all updates of a stage. */
export async function trainStage(stage: Stage, session: Session): Promise<StageTiming> {
  const { clock, events, random } = session;
  const perEpoch = stepsPerEpoch(stage.data.size, stage.batchSize);
  const total = perEpoch * stage.epochs;
  const readEvery = Math.max(1, Math.ceil(perEpoch / readsPerEpoch));
  const readback = createReadback();
  const steps = createStepCache(stage, session, total);
  const states = { temperature: stateOf(stage.temperature), weighting: stateOf(stage.weighting) };
  const breathe = createBreather(clock);
  const timing = { steps: 0, loop: 0 };
  await events.emit({ type: 'stage-start', stage: stage.name, index: stage.index, steps: total, epochs: stage.epochs });
  try {
    for (let epoch = 0; epoch < stage.epochs; epoch++) {
      const runEpoch = stage.position.epoch + epoch;
      const batches = batchesOf(random, runEpoch, stage.data.size, stage.batchSize);
      const means = createMeans();
      const epochStart = clock.now();
      let stretchStart = epochStart;
      for (let index = 0; index < batches.length; index++) {
        const local = epoch * perEpoch + index;
        const step = stage.position.step + local;
        throwIfStopped(session, `in stage "${stage.name}", after update ${step} of ${stage.position.totalSteps}`);
        const at = progressAt(stage, local, total, perEpoch);
        const scalars = scalarsAt(stage, at, states);
        const current = steps.at(at);
        const batch = await batchTensors(stage, batches.at(index), random.stream('noise', step).integer(2 ** 31), step);
        const started = clock.now();
        const { numbers } = current.prepared.run(batch, scalars);
        timing.steps += clock.now() - started;
        tf.dispose(batch);
        readback.add(step, scalars, numbers as tf.Tensor);
        const last = index === batches.length - 1;
        if (last || readback.pending >= readEvery || steps.changesAt({ ...at, step: local + 1 })) {
          const reports = await readback.read(current.step.numberNames());
          checkFinite(stage, reports);
          reports.forEach((report) => means.add(report.numbers));
          const now = clock.now();
          await events.emit(stretch(stage, runEpoch + 1, reports, now - stretchStart));
          stretchStart = now;
        }
        await breathe();
      }
      timing.loop += clock.now() - epochStart;
      const validation = await stage.evaluate(runEpoch + 1, stage.position.step + (epoch + 1) * perEpoch);
      observe(stage, states, { ...means.result(), ...prefixed('validation', validation) });
    }
  } finally {
    readback.dispose();
    steps.dispose();
  }
  await events.emit({ type: 'stage-end', stage: stage.name, index: stage.index });
  return timing;
}

type States = { temperature: Json; weighting: Json };

function progressAt({ position }: Stage, step: number, total: number, perEpoch: number): Progress {
  return { step, total, stepsPerEpoch: perEpoch, run: { step: position.step + step, total: position.totalSteps, stepsPerEpoch: perEpoch } };
}

/** All host numbers of an update, under the names by which the step reads them. */
function scalarsAt({ temperature, weighting, losses, optimizer }: Stage, at: Progress, states: States): Scalars {
  const scalars: Record<string, number> = {
    ...prefixed('temperature', named('temperature', () => temperature.scalars(at, states.temperature))),
    ...prefixed('weighting', named('weighting', () => weighting.scalars(at, states.weighting))),
    learningRate: named('optimizer.learningRate', () => optimizer.learningRate(at)),
  };
  for (const [name, loss] of Object.entries(losses)) {
    if (loss.scalars !== undefined) Object.assign(scalars, prefixed(`losses.${name}`, named(`losses.${name}`, () => loss.scalars?.(at) ?? {})));
  }
  for (const [name, value] of Object.entries(scalars)) {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw notUsable(name, value, at, 'a finite number');
  }
  const value = scalars['temperature.value'];
  if (temperature.temperature === undefined && value !== undefined && value <= 0) throw notUsable('temperature', value, at, 'above 0');
  return scalars;
}

const notUsable = (name: string, value: unknown, at: Progress, allowed: string): TemperError =>
  new TemperError({
    code: 'config/invalid',
    path: name,
    message: `must be ${allowed} at every update, got ${String(value)} at step ${at.step} of ${at.total}`,
    hint: 'Preview the schedule before training to see all its values.',
  });

/** The step in force; it is prepared again where a strategy's graph side changes, and the old one released. */
function createStepCache(stage: Stage, session: Session, total: number) {
  const first: Progress = progressAt(stage, 0, total, stepsPerEpoch(stage.data.size, stage.batchSize));
  const initial = initialTemperature(stage.temperature, first);
  const teacher = runsInside(stage) ? stage.teacher?.network : undefined;
  const keysAt = (at: Progress) => ({ temperature: stage.temperature.graphKey?.(at), weighting: stage.weighting.graphKey?.(at) });
  let current: { key: string; step: TrainingStep; prepared: PreparedStep } | undefined;
  const keyOf = (at: Progress): string => JSON.stringify(Object.values(keysAt(at)));
  return {
    at(at: Progress): { step: TrainingStep; prepared: PreparedStep } {
      const key = keyOf(at);
      if (current?.key === key) return current;
      current?.prepared.dispose();
      const { temperature, weighting } = keysAt(at);
      const step = trainingStep({
        name: stage.name,
        student: stage.student,
        ...(teacher === undefined ? {} : { teacher }),
        losses: stage.losses,
        temperature: stage.temperature,
        weighting: stage.weighting,
        learned: stage.learned,
        optimizer: stage.optimizerState,
        ...(initial === undefined ? {} : { initialTemperature: initial }),
        graphKeys: { ...(temperature === undefined ? {} : { temperature }), ...(weighting === undefined ? {} : { weighting }) },
      });
      current = { key, step, prepared: session.engine.prepare(step.definition) };
      return current;
    },
    changesAt: (at: Progress): boolean => current !== undefined && current.key !== keyOf(at),
    dispose: () => current?.prepared.dispose(),
  };
}

/** The teacher runs inside the step where its logits are not known, or its intermediate outputs are asked for. */
const runsInside = ({ teacher, losses }: Stage): boolean => teacher !== undefined && (teacher.known === undefined || tapsOf(losses, 'teacher').length > 0);

/** Tensors of one update; the caller disposes them. */
async function batchTensors(stage: Stage, indices: Int32Array, noise: number, step: number): Promise<Record<string, tf.Tensor>> {
  const batch: Batch = await stage.data.batch(indices);
  const teacher = runsInside(stage) ? undefined : stage.teacher?.known?.gather(indices);
  return {
    inputs: batch.inputs,
    labels: batch.labels,
    ...(batch.mask === undefined ? {} : { mask: batch.mask }),
    ...(teacher === undefined ? {} : { teacher }),
    seed: tf.tensor1d(Int32Array.of(noise, step), 'int32'),
  };
}

/** Stops at the first update whose loss is not a number, with everything that may explain it. */
function checkFinite(stage: Stage, reports: readonly StepReport[]): void {
  const bad = reports.find(({ numbers }) => !Number.isFinite(numbers['loss']));
  if (bad === undefined) return;
  const terms = Object.entries(bad.numbers).map(([name, value]) => `${name} ${value}`);
  const given = Object.entries(bad.scalars).map(([name, value]) => `${name} ${Number(value.toPrecision(6))}`);
  throw new TemperError({
    code: 'run/non-finite',
    message: `the loss became ${bad.numbers['loss']} in stage "${stage.name}" at step ${bad.step} (${terms.join(', ')}; ${given.join(', ')})`,
    hint: 'Usual causes: a learning rate too high, a temperature too near 0, or inputs that are not scaled.',
  });
}

function stretch(stage: Stage, epoch: number, reports: readonly StepReport[], ms: number) {
  const means = createMeans();
  reports.forEach(({ numbers }) => means.add(numbers));
  const { loss = NaN, ...rest } = means.result();
  const last = reports[reports.length - 1] as StepReport;
  const isTerm = (name: string): boolean => name.startsWith('loss.');
  return {
    type: 'steps' as const,
    stage: stage.name,
    epoch,
    step: last.step + 1,
    totalSteps: stage.position.totalSteps,
    stepsPerSecond: reports.length / Math.max(ms / 1000, 1e-6),
    loss,
    losses: Object.fromEntries(Object.entries(rest).filter(([name]) => isTerm(name)).map(([name, value]) => [name.slice(5), value])),
    scalars: { ...last.scalars, ...Object.fromEntries(Object.entries(rest).filter(([name]) => !isTerm(name))) },
  };
}

/** Lets reactive strategies see the epoch; what they measured comes under the names they gave it. */
function observe(stage: Stage, states: States, seen: Metrics): void {
  for (const side of ['temperature', 'weighting'] as const) {
    const state: ReactiveState | undefined = stage[side].state;
    if (state === undefined) continue;
    const own = `${side}.measured.`;
    const visible = Object.fromEntries(
      Object.entries(seen).filter(([name]) => !name.includes('.measured.') || name.startsWith(own)).map(([name, value]) => [name.startsWith(own) ? name.slice(own.length) : name, value]),
    );
    states[side] = named(side, () => state.observe(states[side], visible));
  }
}
