import type { Metrics } from '../../contracts/schedule.js';
import type { StopReport } from '../../contracts/events.js';
import type { EarlyStopping, StopRule } from '../../kit/run-config.js';
import type { Finish } from './finish.js';
import type { StrategyStates } from '../step/strategies.js';
import type { StopMemory } from './stop-rule.js';

/**
 * The position of a network's training, without its tensors: plain JSON, changed as training continues, and saved with every checkpoint.
 * Random numbers are not part of it: they follow from seed, epoch and update.
 */
export interface FitState {
  /** The next stage, the epoch within it, and the update within that epoch. */
  stage: number;
  epoch: number;
  update: number;
  /** Updates and epochs completed so far, over all stages. */
  updates: number;
  epochs: number;
  /** Updates in the moving average of the weights (`ema`). */
  averaged: number;
  /** The states of the stage's strategies. */
  strategies: StrategyStates;
  /** Sums of the numbers that updates reported since strategies last observed. */
  seen: Record<string, { sum: number; count: number }>;
  /** The last evaluation and the best evaluation. */
  last: Evaluation | null;
  best: Evaluation | null;
  stop: { early: StopMemory | null; until: StopMemory | null };
  /** Whether a stop rule ended the stage before its length was over, and whether early stopping ended the training. */
  stageDone: boolean;
  stopped: boolean;
  /** Set if early stopping lets the schedules of the stage finish. */
  finish: Finish | null;
  /** The rules that ended a stage or the training; compared with those of the config when the run is resumed. */
  stoppedBy: { early: EarlyStopping | null; until: StopRule | null };
  /** The reports of these ends. */
  stops: StopReport[];
}

export interface Evaluation {
  readonly epoch: number;
  readonly step: number;
  readonly validation: Metrics;
}

export const startOfFit = (): FitState => ({
  stage: 0,
  epoch: 0,
  update: 0,
  updates: 0,
  epochs: 0,
  averaged: 0,
  strategies: { temperature: null, weighting: null, losses: {} },
  seen: {},
  last: null,
  best: null,
  stop: { early: null, until: null },
  stageDone: false,
  stopped: false,
  finish: null,
  stoppedBy: { early: null, until: null },
  stops: [],
});

/** Adds the numbers that an update reported to the sums. */
export function addSeen(seen: FitState['seen'], numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    const entry = (seen[name] ??= { sum: 0, count: 0 });
    entry.sum += value;
    entry.count += 1;
  }
}

export const meansOf = (seen: FitState['seen']): Record<string, number> =>
  Object.fromEntries(Object.entries(seen).map(([name, { sum, count }]) => [name, sum / count]));
