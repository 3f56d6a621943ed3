import type { Container } from 'inversify';
import type { DataLoader, DataSplits } from './data.js';
import type { Reporter, RunEvent, StopReport } from './events.js';
import type { StageContext } from './stage.js';
import type { MetricFactsByName } from './metric.js';
import type { Network, NetworkLike } from './network.js';

/**
 * Whether and how a run is resumed. With `force`, changes of the config are allowed: all of them (true), or those at and below the given
 * paths, including the data (`data`). Progress follows the new config: a longer stage continues at step / (new total − 1), so its schedules
 * may jump at the point of resuming.
 */
export type ResumeOptions = boolean | { readonly force: true | readonly string[] };

/** Arguments of a run besides its config; each replaces the corresponding part of the config. */
export interface RunOptions {
  /** Stops the run cleanly after the current update; the run then rejects with code `run/stopped`. */
  readonly signal?: AbortSignal;
  readonly data?: DataSplits | DataLoader;
  readonly teacher?: NetworkLike;
  readonly student?: NetworkLike;
  /** Reporters that get every event, in addition to those bound in the container. */
  readonly reporters?: readonly Reporter[];
  /** Binds or rebinds services for this run only, after the plug-ins. */
  readonly services?: (container: Container) => void;
  /** Binds strategies for single stages, by their tokens: a strategy bound in a stage's container replaces that of the config. */
  readonly stageServices?: (container: Container, stage: StageContext) => void;
  /** Continues the run of this name from its newest checkpoint, with the same result as if it had never stopped. */
  readonly resume?: ResumeOptions;
}

/** Metrics by name, over all of one split of the data. */
export type SplitMetrics = Readonly<Record<string, number>>;

/** The result of a run. The caller disposes its networks. */
export interface RunResult {
  readonly name: string;
  /** The location of the results in the run store; absent if none is bound. */
  readonly location?: string;
  readonly student: Network;
  /** The teacher, where there is exactly one. */
  readonly teacher?: Network;
  /** Updates of the student. */
  readonly steps: number;
  readonly seconds: number;
  /** The epoch whose weights the student now has, and its validation metrics. */
  readonly chosen: { readonly epoch: number; readonly by: `best validation ${string}` | 'last epoch'; readonly validation: SplitMetrics };
  /** Direction and unit of each metric. */
  readonly metricFacts: MetricFactsByName;
  /** Metrics of the student on the test data; nothing was chosen by them. */
  readonly test: SplitMetrics;
  readonly teacherTest?: SplitMetrics;
  /** Trained values of each network. */
  readonly parameters: { readonly student: number; readonly teacher?: number };
  /** Share of the training time that was not spent in steps (0 to 1). */
  readonly loopOverhead: number;
  readonly engine: string;
  /** Early ends of a training, or of one of its stages. */
  readonly stops: readonly StopReport[];
  readonly warnings: readonly string[];
}

/**
 * A run under way: await it for its result, or follow its events, or both.
 * @example
 * const run = kit.run(config);
 * for await (const event of run) if (event.type === 'evaluation') console.log(event.metrics.accuracy);
 * const { test } = await run;
 */
export interface RunHandle extends Promise<RunResult>, AsyncIterable<RunEvent> {}
