import type { Json } from '../json.js';
import type { CheckpointStore } from './checkpoint.js';
import type { StudentDescription } from '../student/student-file.js';
import type { MetricFactsByName } from './metric.js';
import type { Network } from './network.js';

/** What happens during a run, in order. Numbers are plain; no event holds a tensor. */
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

/** A run begins, or goes on from a checkpoint. */
export interface RunStartEvent {
  readonly type: 'run-start';
  readonly name: string;
  /** Updates of the student. */
  readonly totalSteps: number;
  readonly config: Json;
  /** Direction and unit of each metric of the run's evaluations. */
  readonly metricFacts: MetricFactsByName;
  /** Updates that the network in training had by the checkpoint, and which network that is: a teacher has updates of its own. */
  readonly resumedAt?: number;
  readonly resumedIn?: string;
}

/** A stretch of updates since the last such event: means over the stretch, schedule values at its last step. */
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
  /** For people: `accuracy has not improved for 5 evaluations`. */
  readonly reason: string;
  readonly metric: string;
  readonly value: number;
  readonly best: { readonly value: number; readonly epoch: number; readonly step: number };
  readonly epoch: number;
  /** Updates made, and those that were planned for the stage: made in it, and in all. */
  readonly step: number;
  readonly stageStep: number;
  readonly stageSteps: number;
  /** Schedules that have not come to their end: where they began, how far they came, and where they would have ended. */
  readonly schedules: readonly { readonly name: string; readonly from: number; readonly reached: number; readonly to: number }[];
  /** Updates in which the schedules are brought to their end before training ends, where `finishSchedule` asks for it. */
  readonly finishIn?: number;
  /** Stages that are not trained at all. */
  readonly skipped: readonly string[];
}

/** Early stopping, or the `until` of a stage. */
export interface StopEvent extends StopReport {
  readonly type: 'stop';
}

/** What a reporter or callback may ask of the run it hears of; carried out after the update under way. */
export interface RunControls {
  /** Ends the run cleanly: a checkpoint is written where there is a store, and the run rejects with `run/stopped`. */
  stop(reason: string): void;
  /** Writes a checkpoint. */
  save(): void;
  /** Evaluates on the validation data, out of turn. */
  evaluate(): void;
}

/** Told of every event. A reporter that throws is named once and left out; it never stops the run. */
export interface Reporter {
  readonly name: string;
  /** Called with each event, in order, and not before the call for the one before has ended. */
  report(event: RunEvent, run: RunControls): void | Promise<void>;
  /** Called when the run is over, also where it failed: leaves as it was found what the reporter made use of. */
  close?(): void | Promise<void>;
}

/** What a store knows of a run that exists. */
export interface Reopened {
  /** The config that the run was started with; absent where no copy of it can be read. */
  readonly config?: Json;
  /** Whether it came to its end. */
  readonly finished: boolean;
  /** Whether a checkpoint was ever written: where none is left, they were removed. */
  readonly checkpointed?: boolean;
  /** What is damaged or missing, and does not keep the run from being resumed. */
  readonly warnings?: readonly string[];
}

/** Where the results of a run are kept. */
export interface RunStore {
  /** For messages: a folder, a database. */
  readonly location: string;
  /** Name of the run, where the store has given one; known once it is open. */
  readonly name?: string;
  /** Called once before training with the resolved config; refuses a name that exists. */
  open(config: Json): Promise<void>;
  /** Instead of `open`, to go on with a run that exists: gives the config it was started with, and whether it came to its end. */
  reopen?(): Promise<Reopened>;
  /** Number of records so far. */
  readonly records?: number;
  /** Replaces the config and drops all records after the first `records`: what a resumed run will write again. */
  rewind?(config: Json, records: number): Promise<void>;
  /** Adds a record to those of the run. */
  append(record: Readonly<Record<string, Json>>): Promise<void>;
  /** Whether a name cannot be a network's, since the store keeps something of its own under it. */
  isReserved?(name: string): boolean;
  /** Keeps a trained network under a name, with what it is trained for. */
  saveNetwork(name: string, network: Network, description?: StudentDescription): Promise<void>;
  /** Called once when the run has come to its end, with its summary. */
  finish(summary: Json): Promise<void>;
  /** Called where a run has ended without coming to its end, so that others may go on with it. */
  release?(): Promise<void>;
  /** Where checkpoints go; without it a run cannot be resumed. */
  readonly checkpoints?: CheckpointStore;
}

/** Time in milliseconds; a token so that tests can hold it still. */
export interface Clock {
  /** Milliseconds; only differences count. */
  now(): number;
}
