import type { Metrics } from '../../contracts/schedule.js';
import type { StopRule } from '../../kit/run-config.js';

/** The state of a rule between evaluations; plain JSON, so that it can be saved and resumed. */
export interface StopMemory {
  readonly metric: string;
  readonly best: number;
  /** The value that the next has to exceed by `minDelta`; absent if it is the best one, and in checkpoints of older versions. */
  readonly mark?: number;
  /** The place of the best value. */
  readonly epoch: number;
  readonly step: number;
  /** Evaluations since the last improvement by more than `minDelta`. */
  readonly stale: number;
}

/** The place of an evaluation. */
interface Place {
  readonly epoch: number;
  readonly step: number;
}

/**
 * Returns the state after an evaluation. It starts again if the config now names another metric.
 * @param better Whether larger or smaller values are better, for a rule without `mode`.
 */
export function remember(
  rule: StopRule,
  memory: StopMemory | null,
  metrics: Metrics,
  { epoch, step }: Place,
  better: 'max' | 'min' = 'max',
): StopMemory {
  const { metric, minDelta } = rule;
  const value = metrics[metric] ?? NaN;
  const sign = (rule.mode ?? better) === 'max' ? 1 : -1;
  const before = memory?.metric === metric ? memory : null;
  const isFirst = before === null || (!Number.isFinite(before.best) && Number.isFinite(value));
  const mark = before?.mark ?? before?.best ?? NaN;
  if (isFirst || sign * (value - mark) > minDelta) return { metric, best: value, epoch, step, stale: 0 };
  const stale = before.stale + 1;
  // A better value within `minDelta` is the best one, and resets nothing.
  return sign * (value - before.best) > 0 ? { metric, best: value, mark, epoch, step, stale } : { ...before, stale };
}

/**
 * Returns why training ends, or undefined: the metric is above or below its bound, or has not improved by more than `minDelta` for
 * `patience` evaluations.
 */
export function reasonToStop(
  { metric, above, below, patience, minDelta }: StopRule,
  memory: StopMemory | null,
  metrics: Metrics,
): string | undefined {
  const value = metrics[metric] ?? NaN;
  if (above !== undefined && value > above) return `${metric} is above ${above}`;
  if (below !== undefined && value < below) return `${metric} is below ${below}`;
  if (patience === undefined || memory?.metric !== metric || memory.stale < patience) return undefined;
  const by = minDelta > 0 ? ` by more than ${minDelta}` : '';
  return `${metric} has not improved${by} for ${memory.stale} evaluation${memory.stale === 1 ? '' : 's'}`;
}
