import type { z } from 'zod';
import type { Metric, MetricBatch, MetricFacts, SampleMetric, TaughtMetricBatch } from '../contracts/metric.js';
import { creatorOf, defineKind, type ClassSpec, type CreateSpec, type Definition } from './define-kind.js';

type BatchOf<T extends readonly 'teacher'[]> = 'teacher' extends T[number] ? TaughtMetricBatch : MetricBatch;

/** The specification of a metric: its facts, and a function or class that creates its computation. */
export type MetricSpec<N extends string, S extends z.ZodObject, P, T extends readonly 'teacher'[]> = Omit<
  MetricFacts,
  'needs' | 'range'
> & {
  /** `['teacher']` for a metric that needs a teacher. */
  readonly needs?: T;
  /** Smallest and largest possible value, for stop rules whose bound is never reached. Default: any number. */
  readonly range?: MetricFacts['range'];
} & (CreateSpec<N, S, SampleMetric<BatchOf<T>>, P> | ClassSpec<N, S, SampleMetric<BatchOf<T>>>);

const anyNumber: MetricFacts['range'] = [-Infinity, Infinity];

/**
 * Defines a metric of evaluations. `create` returns `sample`, which computes values per sample with tensor operations; Temper adds them
 * up over all counted samples and batches, and reports their mean, or what `value` makes of the sums.
 * @example
 * const rejected = defineMetric({
 *   type: 'rejected',
 *   better: 'min',
 *   unit: 'share',
 *   options: z.strictObject({ below: z.number().default(0.5) }),
 *   create: ({ below }) => ({ sample: ({ student }) => tf.cast(tf.less(tf.max(student.probabilities, 1), below), 'float32') }),
 * });
 */
export function defineMetric<
  const N extends string,
  S extends z.ZodObject,
  const P extends keyof z.input<S> & string = never,
  const T extends readonly 'teacher'[] = readonly [],
>(spec: MetricSpec<N, S, P, T>): Definition<'metric', N, S, Metric, P> & { readonly facts: MetricFacts } {
  const { type, better, unit, needs = [], range = anyNumber, options } = spec;
  const facts: MetricFacts = { better, unit, needs, range };
  const make = creatorOf<S, SampleMetric<BatchOf<T>>>(spec);
  const definition = defineKind('metric')<N, S, Metric, P>({
    type,
    options,
    ...('shorthand' in spec && spec.shorthand !== undefined ? { shorthand: spec.shorthand } : {}),
    create(given, services) {
      const computation = make(given, services);
      return {
        ...facts,
        name: computation.name ?? type,
        sample: (batch) => computation.sample(batch as BatchOf<T>),
        value: (sums, count) => computation.value?.(sums, count) ?? (sums[0] as number) / count,
      };
    },
  });
  return Object.assign(definition, { facts });
}
