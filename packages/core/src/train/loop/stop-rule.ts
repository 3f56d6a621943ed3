import type { Metrics } from '../../contracts/schedule.js';
import type { StopRule } from '../../kit/run-config.js';

/** What a rule remembers between evaluations; plain JSON, so that it is saved and resumed. */
export interface StopMemory {
  readonly metric: string;
  readonly best: number;
  /** Where the best value was. */
  readonly epoch: number;
  readonly step: number;
  /** Evaluations since the best one. */
  readonly stale: number;
}

/** Where an evaluation was made. */
interface Place {
  readonly epoch: number;
  readonly step: number;
}

/**
 * The memory after an evaluation. A rule for another metric, after a change of the config, begins again.
 * @param better The direction of the metric, for a rule without `mode`.
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
 * Why training has had enough, or undefined: the metric is above or below its bound, or has not become better by more than
 * `minDelta` for `patience` evaluations.
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
