import { z } from 'zod';
import type { Json } from '../json.js';
import type { SlotConfig } from './config-type.js';
import type { Refs } from './slots.js';

/** A run as its author writes it; `D` is the union of the kit's definitions. */
export interface RunInput<D> {
  /** Names the run's folder. */
  readonly name?: string;
  /** Everything random follows from it. Default 0. */
  readonly seed?: number;
  readonly data?: SlotConfig<D, 'data'>;
  readonly teacher?: TeacherInput<D>;
  readonly student?: { readonly model: SlotConfig<D, 'model'> };
  /** Loss terms by name. Default: `hard` (cross-entropy) and, with a teacher, `soft` (kl). */
  readonly losses?: Readonly<Record<string, SlotConfig<D, 'loss'>>>;
  /** Default: adam with learning rate 0.001. */
  readonly optimizer?: SlotConfig<D, 'optimizer'>;
  /** Samples in one update. Default 64. */
  readonly batchSize?: number;
  /** Passes over the training data, where there are no `stages`. Default 10. */
  readonly epochs?: number;
  /** Default: linear from 20 to 1. */
  readonly temperature?: SlotConfig<D, 'temperature'>;
  /** Default: 0.7 soft, 0.3 hard. */
  readonly weighting?: SlotConfig<D, 'weighting'>;
  /** Stretches of training; what a stage leaves out it takes from the run. */
  readonly stages?: readonly StageInput<D>[];
  /** Which weights the run ends with: the best by validation accuracy (default) or the last. */
  readonly keep?: 'best' | 'last';
}

export interface TeacherInput<D> {
  /** An architecture to train first … */
  readonly model?: SlotConfig<D, 'model'>;
  /** … or a saved model to load. */
  readonly from?: string;
  readonly train?: { readonly epochs?: number; readonly batchSize?: number; readonly optimizer?: SlotConfig<D, 'optimizer'> };
}

export interface StageInput<D> {
  readonly name?: string;
  readonly epochs: number;
  readonly temperature?: SlotConfig<D, 'temperature'>;
  readonly weighting?: SlotConfig<D, 'weighting'>;
  readonly losses?: Readonly<Record<string, SlotConfig<D, 'loss'>>>;
  readonly optimizer?: SlotConfig<D, 'optimizer'>;
}

const epochs = z.int().min(1);
const lossName = z.string().regex(/^[A-Za-z][\w-]*$/, 'must be a name of letters, digits, - and _');

/** The schema of a run, over schemas for the strategies in it. */
export function runSchema(refs: Refs) {
  const losses = z.record(lossName, refs.loss).refine((terms) => Object.keys(terms).length > 0, 'must have at least one loss');
  const strategies = { temperature: refs.temperature.optional(), weighting: refs.weighting.optional(), losses: losses.optional(), optimizer: refs.optimizer.optional() };
  const teacher = z
    .strictObject({
      model: refs.model.optional(),
      from: z.string().min(1).optional(),
      train: z.strictObject({ epochs: epochs.default(5), batchSize: z.int().min(1).optional(), optimizer: refs.optimizer.optional() }).optional(),
    })
    .refine((given) => (given.model === undefined) !== (given.from === undefined), 'must have either a model to train or a file to load (from), not both');
  return z
    .strictObject({
      name: z
        .string()
        .regex(/^[\w][\w.-]*$/, 'must be a name of letters, digits, - _ and ., since a folder is named after it')
        .optional(),
      seed: z.int().min(0).default(0),
      data: refs.data.optional(),
      teacher: teacher.optional(),
      student: z.strictObject({ model: refs.model }).optional(),
      ...strategies,
      batchSize: z.int().min(1).default(64),
      epochs: epochs.optional(),
      stages: z.array(z.strictObject({ name: z.string().min(1).optional(), epochs, ...strategies })).min(1).optional(),
      keep: z.enum(['best', 'last']).default('best'),
    })
    .refine((run) => run.stages === undefined || run.epochs === undefined, {
      message: 'stands beside stages, where every stage has its own; remove one of the two',
      path: ['epochs'],
    });
}

/** A checked run in its normal form: plain JSON, as written and with the defaults that do not depend on plug-ins. */
export interface RunConfig {
  readonly name?: string;
  readonly seed: number;
  readonly data?: Json;
  readonly teacher?: {
    readonly model?: Json;
    readonly from?: string;
    readonly train?: { readonly epochs: number; readonly batchSize?: number; readonly optimizer?: Json };
  };
  readonly student?: { readonly model: Json };
  readonly temperature?: Json;
  readonly weighting?: Json;
  readonly losses?: Readonly<Record<string, Json>>;
  readonly optimizer?: Json;
  readonly batchSize: number;
  readonly epochs?: number;
  readonly stages?: readonly StageConfig[];
  readonly keep: 'best' | 'last';
}

export interface StageConfig {
  readonly name?: string;
  readonly epochs: number;
  readonly temperature?: Json;
  readonly weighting?: Json;
  readonly losses?: Readonly<Record<string, Json>>;
  readonly optimizer?: Json;
}
