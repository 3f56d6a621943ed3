import * as tf from '@tensorflow/tfjs-core';
import type { Container } from 'inversify';
import type { Batch, DataLoader, DataSplits } from '../contracts/data.js';
import type { Reporter, RunStore } from '../contracts/events.js';
import type { Network, NetworkLike } from '../contracts/network.js';
import { TemperError } from '../errors.js';
import type { Json } from '../json.js';
import type { Kit } from '../kit/kit.js';
import type { RunConfig } from '../kit/run-config.js';
import { stagesOf } from '../kit/stage-plan.js';
import { Tokens } from '../kit/tokens.js';
import { sampleOf } from './check-network.js';
import { evaluate, type TeacherView } from './evaluate.js';
import { createEventSink } from './events.js';
import { fit, planStages, type Fit } from './fit.js';
import { countParameters } from './networks.js';
import { resolvedConfig } from './resolved-config.js';
import { resolveStudent, resolveTeacher, teacherPlan, type RunNetwork } from './run-networks.js';
import { stepsPerEpoch } from './sampler.js';
import { resolveData } from './services.js';
import type { Session } from './session.js';
import { knownLogits } from './teacher-logits.js';

/** What a run is given besides its config; each part replaces what the config says of it. */
export interface RunOptions {
  /** Stops the run cleanly after the update under way; the run then rejects with code `run/stopped`. */
  readonly signal?: AbortSignal;
  readonly data?: DataSplits | DataLoader;
  readonly teacher?: NetworkLike;
  readonly student?: NetworkLike;
  /** Told of every event, besides the reporters bound in the container. */
  readonly reporters?: readonly Reporter[];
  /** Binds or rebinds services for this run only, after the plug-ins. */
  readonly services?: (container: Container) => void;
}

export type SplitMetrics = Readonly<Record<string, number>>;

/** What a run ends with. Its networks are the caller's to dispose. */
export interface RunResult {
  readonly name: string;
  /** Where the run store keeps the results; absent where none is bound. */
  readonly location?: string;
  readonly student: Network;
  readonly teacher?: Network;
  /** Updates of the student. */
  readonly steps: number;
  readonly seconds: number;
  /** The epoch whose weights the student now has, and its validation metrics. */
  readonly chosen: { readonly epoch: number; readonly by: 'best validation accuracy' | 'last epoch'; readonly validation: SplitMetrics };
  /** Metrics of the student on the test data; nothing was chosen by them. */
  readonly test: SplitMetrics;
  readonly teacherTest?: SplitMetrics;
  /** Trained values of each network. */
  readonly parameters: { readonly student: number; readonly teacher?: number };
  /** Share of the training time that was not spent in steps (0 to 1). */
  readonly loopOverhead: number;
  readonly warnings: readonly string[];
}

/** Runs a distillation: checks everything, trains the teacher where asked, then the student through its stages. */
export async function distill(kit: Kit, container: Container, options: RunOptions): Promise<RunResult> {
  options.services?.(container);
  const config = container.get(Tokens.Config);
  const splits = await resolveData(kit, container, config, options.data);
  checkBatchSize(config, splits);
  const sample = await sampleOf(splits.train);
  const made: RunNetwork[] = [];
  try {
    const place = { kit, container, config, splits, sample };
    const teacher = await resolveTeacher(place, options.teacher);
    if (teacher !== undefined) made.push(teacher);
    const student = resolveStudent(place, options.student);
    made.push(student);
    return await run({ kit, container, config, options, splits, sample, teacher, student });
  } catch (error) {
    for (const { network, made: own } of made) if (own) network.dispose();
    throw error;
  } finally {
    tf.dispose({ ...sample });
  }
}

interface Run {
  readonly kit: Kit;
  readonly container: Container;
  readonly config: RunConfig;
  readonly options: RunOptions;
  readonly splits: DataSplits;
  readonly sample: Batch;
  readonly teacher: RunNetwork | undefined;
  readonly student: RunNetwork;
}

async function run(given: Run): Promise<RunResult> {
  const { kit, container, config, splits, sample, teacher, student } = given;
  const plans = stagesOf(config, teacher !== undefined);
  const stages = planStages(kit, container, plans, teacher !== undefined, stepsPerEpoch(splits.train.size, config.batchSize));
  const teacherFit = teacher?.untrained === true ? planTeacher(given, teacher.network) : undefined;
  const name = config.name ?? 'distillation';
  const resolved = resolvedConfig(config, plans);
  const store = container.isBound(Tokens.RunStore) ? container.get(Tokens.RunStore) : undefined;
  await store?.open(resolved);
  const session = openSession(given, store);
  const started = session.clock.now();
  const totalSteps = plans.reduce((sum, { epochs }) => sum + epochs, 0) * stepsPerEpoch(splits.train.size, config.batchSize);
  await session.events.emit({ type: 'run-start', name, totalSteps, config: resolved });

  if (teacherFit !== undefined) await fit(teacherFit, sample, session);
  const views = teacher === undefined ? undefined : await teacherViews(teacher.network, splits, session);
  const trained = await fit(
    { network: student.network, splits, stages, batchSize: config.batchSize, keep: config.keep, ...(views === undefined ? {} : { teacher: views }) },
    sample,
    session,
  );
  const test = await evaluate(student.network, splits.test, views?.test, session);
  await session.events.emit({ type: 'evaluation', stage: 'test', epoch: trained.chosen.epoch, step: trained.steps, split: 'test', metrics: test, best: false });
  const teacherTest = teacher === undefined ? undefined : await evaluate(teacher.network, splits.test, undefined, session);
  const result: RunResult = {
    name,
    ...(store === undefined ? {} : { location: store.location }),
    student: student.network,
    ...(teacher === undefined ? {} : { teacher: teacher.network }),
    steps: trained.steps,
    seconds: (session.clock.now() - started) / 1000,
    chosen: { ...trained.chosen, by: config.keep === 'best' ? 'best validation accuracy' : 'last epoch' },
    test,
    ...(teacherTest === undefined ? {} : { teacherTest }),
    parameters: { student: countParameters(student.network), ...(teacher === undefined ? {} : { teacher: countParameters(teacher.network) }) },
    loopOverhead: trained.loopOverhead,
    warnings: session.events.warnings,
  };
  const summary = summaryOf(result);
  if (store !== undefined) {
    await store.saveNetwork('student', student.network);
    if (teacherFit !== undefined && teacher !== undefined) await store.saveNetwork('teacher', teacher.network);
    await store.finish(summary);
  }
  await session.events.emit({ type: 'run-end', name, summary });
  return result;
}

function openSession({ container, options }: Run, store: RunStore | undefined): Session {
  const reporters = container.isBound(Tokens.Reporter) ? container.getAll(Tokens.Reporter) : [];
  return {
    random: container.get(Tokens.Random),
    clock: container.get(Tokens.Clock),
    engine: container.get(Tokens.Engine),
    events: createEventSink([...reporters, ...(options.reporters ?? [])], store),
    signal: options.signal,
  };
}

/** What is written of a result: everything but the networks. */
export function summaryOf({ student: _student, teacher: _teacher, ...rest }: RunResult): Json {
  return rest as unknown as Json;
}

function planTeacher({ kit, container, config, splits }: Run, network: Network): Fit {
  const batchSize = config.teacher?.train?.batchSize ?? config.batchSize;
  const stages = planStages(kit, container, [teacherPlan(config)], false, stepsPerEpoch(splits.train.size, batchSize));
  return { network, splits, stages, batchSize, keep: 'best' };
}

/** The teacher over each part of the data, its logits computed once where they can be kept. */
async function teacherViews(network: Network, splits: DataSplits, session: Session): Promise<Record<keyof DataSplits, TeacherView>> {
  const view = async (name: keyof DataSplits): Promise<TeacherView> => ({
    network,
    known: await knownLogits(network, splits[name], `teacher logits (${name})`, session),
  });
  return { train: await view('train'), validation: await view('validation'), test: await view('test') };
}

function checkBatchSize(config: RunConfig, { train }: DataSplits): void {
  const check = (size: number | undefined, path: string): void => {
    if (size === undefined || size <= train.size) return;
    throw new TemperError({ code: 'config/invalid', path, message: `must be at most the number of training samples, ${train.size}, got ${size}` });
  };
  check(config.batchSize, 'batchSize');
  check(config.teacher?.train?.batchSize, 'teacher.train.batchSize');
}

