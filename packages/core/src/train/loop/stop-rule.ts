import type { Metrics } from '../../contracts/schedule.js';
import type { StopRule } from '../../kit/run-config.js';

/** The state of a rule between evaluations; plain JSON, so that it can be saved and resumed. */
export interface StopMemory {
  readonly metric: string;
  readonly best: number;
  /** The place of the best value. */
  readonly epoch: number;
  readonly step: number;
  /** Evaluations since the best one. */
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
  if (isFirst || sign * (value - before.best) > minDelta) return { metric, best: value, epoch, step, stale: 0 };
  return { ...before, stale: before.stale + 1 };
}

/**
 * Returns why training ends, or undefined: the metric is above or below its bound, or has not improved by more than `minDelta` for
 * `patience` evaluations.
 */
export function reasonToStop(
  { metric, above, below, patience }: StopRule,
  memory: StopMemory | null,
  metrics: Metrics,
): string | undefined {
  const value = metrics[metric] ?? NaN;
  if (above !== undefined && value > above) return `${metric} is above ${above}`;
  if (below !== undefined && value < below) return `${metric} is below ${below}`;
  if (patience === undefined || memory?.metric !== metric || memory.stale < patience) return undefined;
  return `${metric} has not improved for ${memory.stale} evaluation${memory.stale === 1 ? '' : 's'}`;
}
