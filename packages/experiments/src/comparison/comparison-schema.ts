import { z } from 'zod';

/** Most variants of a comparison. */
export const mostVariants = 1000;
/** Most seeds of a comparison. */
export const mostSeeds = 1000;

const name = z
  .string()
  .min(1)
  .max(100)
  .refine((text) => !/[\p{Cc}\p{Cf}]/u.test(text), 'must have no control characters, since it is printed');

/** Changes of a config by path, as `--set` makes them: `{ 'temperature': 4, 'weighting.soft': 0.9 }`. */
const changes = z.record(z.string().min(1).max(1000), z.unknown());

/** A comparison as it is written, in `temper.compare.ts` or in JSON. */
export const comparisonSchema = z.strictObject({
  /** Names the folder of its runs. */
  name: z
    .string()
    .regex(/^\w[\w.-]{0,99}$/, 'must be a name of letters, digits, - _ and ., since a folder is named after it')
    .default('comparison'),
  /** The config that all variants begin with: a file, from this file's folder. Default: the temper.config file there. */
  config: z.string().min(1).optional(),
  /** How many seeds, 1, 2, …, or which. */
  seeds: z
    .union([z.int().min(1).max(mostSeeds), z.array(z.int().min(0)).min(1).max(mostSeeds)])
    .default(5)
    .transform((seeds) => (typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i + 1) : [...new Set(seeds)])),
  /** Named variants: what each changes of the config. */
  variants: z.record(name, changes).default({}),
  /** Values for paths of the config: each combination is a variant of its own. */
  grid: z.record(z.string().min(1).max(1000), z.array(z.unknown()).min(1)).default({}),
  /** Takes so many combinations of the grid at random, always the same ones, instead of all. */
  sample: z.int().min(1).max(mostVariants).optional(),
  /**
   * What the comparison may cost, in complete runs: variants are tried in short runs first, and the worse half is dropped again and again.
   * Default: every variant is run with every seed.
   */
  budget: z.number().positive().max(1e9).optional(),
  /** A teacher that the config trains: one for all runs, or one for each seed. */
  teacher: z.enum(['shared', 'per seed']).default('shared'),
  /**
   * The variant that the others are compared with, or several of which the best on validation data is taken: a schedule has to beat the
   * best constant, not the first. Default: the student alone, or else the first variant.
   */
  baseline: z.union([name, z.strictObject({ bestOf: z.array(name).min(1) })]).optional(),
  /** Adds the student alone, trained on the labels. */
  studentAlone: z.boolean().default(true),
  /** What decides between variants. */
  metric: z.string().min(1).default('accuracy'),
});

/** A comparison as its author writes it. */
export type ComparisonInput = z.input<typeof comparisonSchema>;

/** A checked comparison. */
export type Comparison = z.output<typeof comparisonSchema>;
