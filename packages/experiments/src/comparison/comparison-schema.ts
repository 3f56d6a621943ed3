import { z } from 'zod';

/** The maximum number of variants of a comparison. */
export const mostVariants = 1000;
/** The maximum number of seeds of a comparison. */
export const mostSeeds = 1000;

const name = z
  .string()
  .min(1)
  .max(100)
  .refine((text) => !/[\p{Cc}\p{Cf}]/u.test(text), 'must have no control characters, since it is printed');

/** Changes of a config by path, as `--set` makes them: `{ 'temperature': 4, 'weighting.soft': 0.9 }`. */
const changes = z.record(z.string().min(1).max(1000), z.unknown());

/** A comparison as written in `temper.compare.ts` or in JSON. */
export const comparisonSchema = z.strictObject({
  /** Names the folder of its runs. */
  name: z
    .string()
    .regex(/^\w[\w.-]{0,99}$/, 'must be a name of letters, digits, - _ and ., since a folder is named after it')
    .default('comparison'),
  /** The config of all variants: a file, relative to this file's folder. Default: the temper.config file there. */
  config: z.string().min(1).optional(),
  /** The number of seeds 1, 2, …, or a list of seeds. */
  seeds: z
    .union([z.int().min(1).max(mostSeeds), z.array(z.int().min(0)).min(1).max(mostSeeds)])
    .default(5)
    .transform((seeds) => (typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i + 1) : [...new Set(seeds)])),
  /** Named variants: the changes of each to the config. */
  variants: z.record(name, changes).default({}),
  /** Values for paths of the config: each combination is a variant. */
  grid: z.record(z.string().min(1).max(1000), z.array(z.unknown()).min(1)).default({}),
  /** Selects this number of combinations of the grid at random, always the same ones, instead of all. */
  sample: z.int().min(1).max(mostVariants).optional(),
  /**
   * The maximum cost of the comparison, in complete runs: variants are tried in short runs first, and the worse half is dropped
   * repeatedly. Default: every variant is run with every seed.
   */
  budget: z.number().positive().max(1e9).optional(),
  /** The teacher that the config trains: one for all runs, or one for each seed. */
  teacher: z.enum(['shared', 'per seed']).default('shared'),
  /**
   * The variant with which the others are compared, or several of which the best on validation data is used: a schedule has to beat the
   * best constant, not the first. Default: the student alone, or else the first variant.
   */
  baseline: z.union([name, z.strictObject({ bestOf: z.array(name).min(1) })]).optional(),
  /** Adds the student alone, trained on the labels. */
  studentAlone: z.boolean().default(true),
  /** The metric that decides between variants. */
  metric: z.string().min(1).default('accuracy'),
});

/** A comparison before it is checked. */
export type ComparisonInput = z.input<typeof comparisonSchema>;

/** A checked comparison. */
export type Comparison = z.output<typeof comparisonSchema>;
