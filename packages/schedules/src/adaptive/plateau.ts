import { defaultMetrics, defineTemperature, type Metrics, type TemperatureSchedule, TemperError, unknownName } from '@temper/core';
import { z } from 'zod';
import { positive, temperature as inRange } from '../options.js';
import { isInside, isOrdered, notInside, notOrdered } from './bounds.js';

const memory = z.strictObject({
  temperature: inRange,
  /** Best value so far; null before the first. */
  best: z.number().nullable(),
  /** Evaluations in a row without a better one. */
  stale: z.int().min(0),
  /** Evaluations still to wait after the last change. */
  rest: z.int().min(0),
});
type Plateau = z.infer<typeof memory>;

/**
 * Changes the temperature when a metric stops improving: after more than `patience` evaluations in a row that were not better than the best
 * one by `threshold`, T becomes T·factor, clipped to `min` and `max`. Evaluations during the `cooldown` after a change are not counted. The
 * temperature's counterpart of reducing the learning rate on a plateau.
 * @example plateau({ from: 8, factor: 0.5, patience: 2 })
 */
export const plateau = defineTemperature({
  type: 'plateau',
  options: z
    .strictObject({
      from: inRange.describe('temperature at the start'),
      factor: positive.default(0.5).describe('factor of each change; above 1 the temperature rises'),
      patience: z.int().min(0).default(3).describe('number of evaluations without improvement that are tolerated'),
      metric: z.string().min(1).default('validation.accuracy').describe('metric that is watched'),
      mode: z.enum(['max', 'min']).optional().describe('whether larger or smaller values are better; the default is what the metric says'),
      threshold: z.number().min(0).default(0.0001).describe('smallest change that counts as better'),
      cooldown: z.int().min(0).default(0).describe('evaluations after a change that are ignored'),
      min: inRange.default(1).describe('smallest temperature'),
      max: inRange.default(100).describe('largest temperature'),
    })
    .refine(isOrdered, notOrdered)
    .refine(isInside, notInside)
    .describe('from `from`, times `factor` after `patience` evaluations without a better `metric` (`mode`), from `min` to `max`'),
  create({ from, factor, patience, metric, mode, threshold, cooldown, min, max }): TemperatureSchedule {
    const initial: Plateau = { temperature: from, best: null, stale: 0, rest: 0 };
    const isBetter = (value: number, best: number, direction: 'max' | 'min'): boolean =>
      direction === 'max' ? value > best + threshold : value < best - threshold;
    return {
      scalars: (_, state) => ({ value: (state as Plateau).temperature }),
      state: {
        initial,
        schema: memory,
        observe(state, seen, _at, directions = usualDirections) {
          const before = state as Plateau;
          const value = watched(metric, seen);
          const better =
            Number.isFinite(value) &&
            (before.best === null || isBetter(value, before.best, mode ?? directions[metric] ?? ofLosses(metric)));
          const best = better ? value : before.best;
          if (before.rest > 0) return { ...before, best, stale: 0, rest: before.rest - 1 };
          const stale = better ? 0 : before.stale + 1;
          if (stale <= patience) return { ...before, best, stale };
          return { temperature: Math.min(max, Math.max(min, before.temperature * factor)), best, stale: 0, rest: cooldown };
        },
      },
    };
  },
});

/** Where a temperature is used without a run. */
const usualDirections: Readonly<Record<string, 'max' | 'min'>> = Object.fromEntries(
  defaultMetrics().map(({ name, better }) => [`validation.${name}`, better]),
);

/** Losses (`loss`, `loss.soft`) get better by getting smaller. */
const ofLosses = (name: string): 'max' | 'min' => (/^loss(\.|$)/.test(name) ? 'min' : 'max');

function watched(metric: string, seen: Metrics): number {
  const value = seen[metric];
  if (value !== undefined) return value;
  throw new TemperError({ code: 'config/unknown-name', path: 'metric', message: unknownName('metric', metric, Object.keys(seen)) });
}
