import type { Container } from 'inversify';
import type { DataLoader, DataSplits } from '../contracts/data.js';
import type { Reporter } from '../contracts/events.js';
import type { Network, NetworkLike } from '../contracts/network.js';
import type { Kit } from '../kit/kit.js';

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
  /** Share of the training time that was not spent in steps (0 to 1). */
  readonly loopOverhead: number;
  readonly warnings: readonly string[];
}

export async function distill(_kit: Kit, _container: Container, _options: RunOptions): Promise<RunResult> {
  throw new Error('being written');
}
