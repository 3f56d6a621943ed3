import { z } from 'zod';
import { limits } from '../limits.js';
import { printable } from '../printable.js';
import { show, suggest } from './issues.js';

/** Returns the schema of a whole number from 1 to a limit. */
export const count = (most: number) => z.int().min(1).max(most);

export const lossName = z.string().regex(/^[A-Za-z][\w-]*$/, 'must be a name of letters, digits, - and _');
export const stageName = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => printable(name) === name, 'must have no control characters, since it is printed');
export const folderName = z
  .string()
  .regex(/^[\w][\w.-]*$/, 'must be a name of letters, digits, - _ and ., since a folder is named after it')
  .max(100);

/** An interval, in epochs or in updates. */
export type Every = { readonly epochs: number } | { readonly steps: number };

/** The schema of an interval. For a wrong number, a union of two objects would report only that neither of them fits. */
export const every = z
  .strictObject({ epochs: count(limits.epochs).optional(), steps: count(limits.steps).optional() })
  .refine(({ epochs, steps }) => (epochs === undefined) !== (steps === undefined), 'must have either epochs or steps') as z.ZodType<
  Every,
  Every
>;

const stopOptions = {
  /** A validation metric. Default `accuracy`. */
  metric: z.string().min(1).default('accuracy'),
  /** Ends when the metric is above … */
  above: z.number().optional(),
  /** … or below this, … */
  below: z.number().optional(),
  /** … or after so many evaluations in a row without a better value. */
  patience: count(limits.steps).optional(),
  /** A smaller difference is not an improvement. Default 0. */
  minDelta: z.number().min(0).default(0),
  /** Whether larger or smaller values are better. Default: the direction of the metric. */
  mode: z.enum(['max', 'min']).optional(),
};
const hasReason = ({ above, below, patience }: { above?: unknown; below?: unknown; patience?: unknown }): boolean =>
  above !== undefined || below !== undefined || patience !== undefined;
const noReason = 'must have at least one of above, below and patience';

/** A rule that ends training before its length by a validation metric; checked after every evaluation. */
export const stopRule = z.strictObject(stopOptions).refine(hasReason, noReason);

/** A rule that ends the whole training before its length. */
export const earlyStopping = z
  .strictObject({
    ...stopOptions,
    /**
     * Continues training for so long while the schedules of the stage skip ahead, so that they reach their end values.
     * Default: training ends at once.
     */
    finishSchedule: every.optional(),
  })
  .refine(hasReason, noReason);

/** The weights that a training keeps: `best` is by accuracy, or by the first of `metrics` where accuracy is not measured. */
export const keep = z.union([z.enum(['best', 'last']), z.strictObject({ by: z.string().min(1) })], {
  error: ({ input }) =>
    `must be "best", "last" or { "by": "nll" } with the name of a metric, got ${show(input)}${suggest(input, ['best', 'last'])}`,
});
