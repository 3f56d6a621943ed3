import type { Json } from '../json.js';
import type { CheckpointStore } from './checkpoint.js';
import type { StudentDescription } from '../student/student-file.js';
import type { MetricFactsByName } from './metric.js';
import type { Network } from './network.js';

/** The events of a run, in order. Numbers are plain; no event holds a tensor. */
export type RunEvent =
  | RunStartEvent
  | { readonly type: 'phase'; readonly phase: string; readonly total: number }
  | { readonly type: 'phase-progress'; readonly phase: string; readonly done: number; readonly total: number }
  | { readonly type: 'stage-start'; readonly stage: string; readonly index: number; readonly steps: number; readonly epochs: number }
  | { readonly type: 'epoch-start'; readonly stage: string; readonly epoch: number; readonly step: number }
  | StepsEvent
  | EvaluationEvent
  | { readonly type: 'epoch-end'; readonly stage: string; readonly epoch: number; readonly step: number; readonly seconds: number }
  | { readonly type: 'checkpoint'; readonly step: number; readonly location: string }
  | { readonly type: 'stage-end'; readonly stage: string; readonly index: number }
  | StopEvent
  | { readonly type: 'warning'; readonly message: string }
  | { readonly type: 'run-end'; readonly name: string; readonly summary: Json };

/** A run begins, or continues from a checkpoint. */
export interface RunStartEvent {
  readonly type: 'run-start';
  readonly name: string;
  /** Updates of the student. */
  readonly totalSteps: number;
  readonly config: Json;
  /** Direction and unit of each metric of the run's evaluations. */
  readonly metricFacts: MetricFactsByName;
  /** Updates of the network in training at the checkpoint, and the name of that network. */
  readonly resumedAt?: number;
  readonly resumedIn?: string;
}

/** Updates since the last such event: means over them, and schedule values at the last one. */
export interface StepsEvent {
  readonly type: 'steps';
  readonly stage: string;
  readonly epoch: number;
  /** Updates made in the whole run, and their number in all. */
  readonly step: number;
  readonly totalSteps: number;
  readonly stepsPerSecond: number;
  readonly loss: number;
  readonly losses: Readonly<Record<string, number>>;
  /** Named numbers of the last step: `temperature.value`, `weighting.soft`, `learningRate`. */
  readonly scalars: Readonly<Record<string, number>>;
}

/** Metrics on the validation or test data, and whether they are the best so far. */
export interface EvaluationEvent {
  readonly type: 'evaluation';
  readonly stage: string;
  readonly epoch: number;
  readonly step: number;
  readonly split: 'validation' | 'test';
  readonly metrics: Readonly<Record<string, number>>;
  readonly best: boolean;
  /** The metric by which the best weights are chosen; absent where the last ones are kept, and for test data. */
  readonly by?: string;
}

/** A stage or a whole training ends before its length is over. */
export interface StopReport {
  /** The network in training, and its stage. */
  readonly network: string;
  readonly stage: string;
  /** The rule's place in the config: `earlyStopping`, `teacher.train.earlyStopping`, `stages[0].until`. */
  readonly rule: string;
  /** In words: `accuracy has not improved for 5 evaluations`. */
  readonly reason: string;
  readonly metric: string;
  readonly value: number;
  readonly best: { readonly value: number; readonly epoch: number; readonly step: number };
  readonly epoch: number;
  /** Updates made, and those that were planned for the stage: made in it, and in all. */
  readonly step: number;
  readonly stageStep: number;
  readonly stageSteps: number;
  /** Schedules that did not reach their end: their start, the value reached, and their end. */
  readonly schedules: readonly { readonly name: string; readonly from: number; readonly reached: number; readonly to: number }[];
  /** Updates in which the schedules move to their ends before training ends, with `finishSchedule`. */
  readonly finishIn?: number;
  /** Stages that are not trained at all. */
  readonly skipped: readonly string[];
}

/** Early stopping, or the `until` of a stage. */
export interface StopEvent extends StopReport {
  readonly type: 'stop';
}

/** Requests of a reporter to the run; executed after the current update. */
export interface RunControls {
  /** Ends the run cleanly: writes a checkpoint if there is a store, and rejects with `run/stopped`. */
  stop(reason: string): void;
  /** Writes a checkpoint. */
  save(): void;
  /** Evaluates on the validation data, in addition to the regular evaluations. */
  evaluate(): void;
}

/** Gets every event. A reporter that throws is named once in a warning and gets no more events; it does not stop the run. */
export interface Reporter {
  readonly name: string;
  /** Called with each event, in order; the next call waits for the end of this one. */
  report(event: RunEvent, run: RunControls): void | Promise<void>;
  /** Called at the end of the run, also if it fails, to release resources. */
  close?(): void | Promise<void>;
}

/** The state of an existing run in its store. */
export interface Reopened {
  /** The config that the run was started with; absent where no copy of it can be read. */
  readonly config?: Json;
  /** Whether it is finished. */
  readonly finished: boolean;
  /** Whether a checkpoint was ever written; if none exists, they were removed. */
  readonly checkpointed?: boolean;
  /** Damaged or missing parts that do not prevent a resume. */
  readonly warnings?: readonly string[];
}

/** Stores the results of a run. */
export interface RunStore {
  /** For messages: a folder, a database. */
  readonly location: string;
  /** Name of the run, where the store has given one; known once it is open. */
  readonly name?: string;
  /** Called once before training with the resolved config; refuses a name that exists. */
  open(config: Json): Promise<void>;
  /** Opens an existing run: returns the config that it was started with, and whether it is finished. */
  reopen?(): Promise<Reopened>;
  /** Number of records so far. */
  readonly records?: number;
  /** Replaces the config and drops all records after the first `records`: what a resumed run will write again. */
  rewind?(config: Json, records: number): Promise<void>;
  /** Adds a record to those of the run. */
  append(record: Readonly<Record<string, Json>>): Promise<void>;
  /** Whether the store reserves a name, so that no network can have it. */
  isReserved?(name: string): boolean;
  /** Stores a trained network under a name, with its description. */
  saveNetwork(name: string, network: Network, description?: StudentDescription): Promise<void>;
  /** Called once at the end of the run, with its summary. */
  finish(summary: Json): Promise<void>;
  /** Called if a run ends early, so that it can be resumed. */
  release?(): Promise<void>;
  /** The store of checkpoints; without it a run cannot be resumed. */
  readonly checkpoints?: CheckpointStore;
}

/** Time in milliseconds; a token, so that tests can control it. */
export interface Clock {
  /** Milliseconds; only differences count. */
  now(): number;
}
