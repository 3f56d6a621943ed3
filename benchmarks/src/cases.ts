import type { Measured } from './measure.js';
import { choiceCases } from './cases/choices.js';
import { layerCases } from './cases/layers.js';
import { recordingCases } from './cases/recording.js';
import { runCases } from './cases/runs.js';
import { scheduleCases } from './cases/schedules.js';
import { dataCases } from './cases/data.js';
import { inferenceCases } from './cases/inference.js';
import { startCases } from './cases/start.js';
import { softLossCases } from './cases/soft-loss.js';
import { updateCases } from './cases/updates.js';

/** One line of the results. */
export interface Case {
  readonly name: string;
  /**
   * What it is held against: the same in PyTorch (the case of this name in `peers/torch_peer.py`), a number of milliseconds, or another way
   * of our own.
   */
  readonly against: { readonly peer: string } | { readonly limitMs: number } | { readonly other: string; prepare(): Measured };
  /** The largest ratio of ours to it that is wanted. */
  readonly goal: number;
  /** What one repetition handles, where throughput is what counts. */
  readonly samples?: number;
  prepare(): Measured | Promise<Measured>;
}

/** Everything that is measured, in the order of the table. */
export const cases: readonly Case[] = [
  ...updateCases,
  ...runCases,
  ...softLossCases,
  ...layerCases,
  ...startCases,
  ...inferenceCases,
  ...dataCases,
  ...scheduleCases,
  ...recordingCases,
  ...choiceCases,
];
