import type { Metrics } from '../contracts/schedule.js';
import { TemperError, unknownName } from '../errors.js';
import type { Json } from '../json.js';
import type { StopRule } from '../kit/run-config.js';

/** What a rule remembers between evaluations; plain JSON, so that it is saved and resumed. */
export interface StopMemory {
  readonly best: number;
  /** Evaluations since the best one. */
  readonly stale: number;
}

const smallerIsBetter = ['nll', 'kl', 'brier', 'ece'];

/**
 * Whether training has had enough: the metric is above or below its bound, or has not become better by more than
 * `minDelta` for `patience` evaluations.
 * @throws TemperError for a metric that the evaluation does not give.
 */
export function judge(rule: StopRule, memory: Json | StopMemory, metrics: Metrics, path: string): { readonly stop: boolean; readonly memory: StopMemory } {
  const value = metrics[rule.metric];
  if (value === undefined) {
    throw new TemperError({ code: 'config/unknown-name', path: `${path}.metric`, message: unknownName('metric', rule.metric, Object.keys(metrics)) });
  }
  const sign = (rule.mode ?? (smallerIsBetter.includes(rule.metric) ? 'min' : 'max')) === 'max' ? 1 : -1;
  const before = memory as StopMemory | null;
  const improved = before === null || sign * (value - before.best) > rule.minDelta;
  const next = improved ? { best: value, stale: 0 } : { best: before.best, stale: before.stale + 1 };
  const stop =
    (rule.above !== undefined && value > rule.above) ||
    (rule.below !== undefined && value < rule.below) ||
    (rule.patience !== undefined && next.stale >= rule.patience);
  return { stop, memory: next };
}
