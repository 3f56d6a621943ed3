import { z } from 'zod';
import { limits } from '../limits.js';
import type { Ref, Slot } from './slots.js';
import { count, earlyStopping, every, folderName, keep, lossName, stageName, stopRule } from './schema-parts.js';

declare const nested: unique symbol;
/** Parts of a run that have names of their own, and may contain themselves. */
export type PartName = 'stage' | 'teacher' | 'student';
/** The place of such a part in the config; the types in `run-config.ts` fill it in. */
export interface Nested<N extends PartName = PartName> {
  readonly [nested]: N;
}

/** Schemas for the strategies in a run's config: both their input and their output is the config of a strategy. */
export type ConfigRefs = { readonly [K in Slot]: z.ZodType<Ref<K>, Ref<K>> };

/**
 * The schemas of a run and its parts, over schemas for the strategies in it. This is the one declaration of a run's config: its types
 * follow from it (`run-config.ts`), and so does its JSON Schema.
 */
export function runSchemas(refs: ConfigRefs) {
  const strategies = {
    /** Default: linear from 20 to 1. */
    temperature: refs.temperature.optional(),
    /** Default: 0.7 soft, 0.3 hard. */
    weighting: refs.weighting.optional(),
    /** Losses by name. Default: `hard` (cross-entropy) and, with a teacher, `soft` (kl). */
    losses: z
      .record(lossName, refs.loss)
      .refine((terms) => Object.keys(terms).length > 0, 'must have at least one loss')
      .optional(),
    /** Default: adam with learning rate 0.001. */
    optimizer: refs.optimizer.optional(),
  };
  const teacher = nestedIn('teacher', (): z.ZodType => teacherSchema);
  const stage = nestedIn('stage', (): z.ZodType => stageSchema);
  const student = nestedIn('student', (): z.ZodType => studentSchema);
  const trainingOf = <B extends z.ZodType>(batchSize: B) => ({
    ...strategies,
    /** Samples in one batch. Default 64; for a teacher in training, that of the run. */
    batchSize,
    /** Batches whose gradients make one update. Default 1. */
    accumulate: count(limits.accumulate).default(1),
    /** Passes over the training data, if there are no `stages`. Default 10. */
    epochs: count(limits.epochs).optional(),
    /** Stages of training. Settings that a stage omits are taken from here. */
    stages: z.array(stage).min(1).optional(),
    /**
     * Which weights training ends with: those with the best validation accuracy (`best`, the default), those with the best value of
     * another validation metric, or the last ones.
     */
    keep: keep.default('best'),
    /** How often validation data are evaluated. Default: after every epoch. */
    evaluateEvery: every.default({ epochs: 1 }),
    /** Ends training, all stages of it, by a validation metric. */
    earlyStopping: earlyStopping.optional(),
    /** Decay of an exponential moving average of the weights (0.999); the average is then evaluated and kept. */
    ema: z.number().gt(0).lt(1).optional(),
    /** If the norm of all gradients together is larger, they are scaled down to it. */
    clipNorm: z.number().gt(0).optional(),
  });
  const batchSize = count(limits.batchSize);
  const training = trainingOf(batchSize.default(64));
  const ofTeacher = trainingOf(batchSize.optional());
  const studentSchema = z
    .strictObject({
      /** An architecture, trained from fresh weights … */
      model: refs.model.optional(),
      /** … or a saved LayersModel, trained further from its weights: a path, or the name of an earlier run. */
      from: z.string().min(1).optional(),
    })
    .refine(
      ({ model, from }) => (model === undefined) !== (from === undefined),
      'must be exactly one of: model (an architecture), from (a saved network)',
    );
  const teacherSchema = z
    .strictObject({
      /** Names its folder and its part of the progress. Default `teacher`. */
      name: folderName.optional(),
      /** An architecture to train on the labels first … */
      model: refs.model.optional(),
      /** Training of this architecture. Default: 5 epochs. */
      train: lengthOnce(
        z.strictObject({
          ...ofTeacher,
          /** Epochs after which the weights are kept, for stages that learn from a teacher in the making (`snapshot`). */
          snapshots: z.array(count(limits.epochs)).min(1).optional(),
        }),
      ).optional(),
      /** … or a saved model to load … */
      from: z.string().min(1).optional(),
      /** … or a network that is distilled first, from a teacher of its own: a chain of assistants … */
      distilled: lengthOnce(z.strictObject({ ...ofTeacher, teacher, student })).optional(),
      /** … or several teachers whose logits are combined … */
      ensemble: z.array(teacher).min(1).optional(),
      /** Combination of the logits: mean (default), mean weighted by confidence in the label (2201.00007), or a random one per batch. */
      combine: z.enum(['mean', 'confidence', 'random']).optional(),
      /** … or, in a stage, the run's teacher as it was after this epoch of its training. */
      snapshot: count(limits.epochs).optional(),
    })
    .refine((given) => teacherForms.filter((form) => given[form] !== undefined).length === 1, {
      message: 'must be exactly one of: model (trained first), from (a saved model), distilled, ensemble, snapshot',
    })
    .refine((given) => given.train === undefined || given.model !== undefined, { message: 'needs a model to train', path: ['train'] })
    .refine((given) => given.combine === undefined || given.ensemble !== undefined, {
      message: 'needs an ensemble to combine',
      path: ['combine'],
    });
  const stageSchema = z
    .strictObject({
      name: stageName.optional(),
      /** Its length in epochs or in updates; with `until`, its maximum length. */
      epochs: count(limits.epochs).optional(),
      steps: count(limits.steps).optional(),
      /** Instead of a length: nested stages, which inherit the settings that they omit … */
      stages: z.array(stage).min(1).optional(),
      /** … and how often they are repeated. Default 1. */
      repeat: count(limits.stages).optional(),
      /** Ends the stage before its length. */
      until: stopRule.optional(),
      ...strategies,
      batchSize: batchSize.optional(),
      accumulate: count(limits.accumulate).optional(),
      evaluateEvery: every.optional(),
      /** Other training data for this stage, of the same shape and classes. */
      data: refs.data.optional(),
      /** Another teacher for this stage. */
      teacher: teacher.optional(),
      /** Layers that are not trained in this stage; `*` stands for any text. */
      frozen: z.array(z.string().min(1)).optional(),
      /** The optimizer's memory (momentum, moments) from the stage before. Default: kept if the optimizer is the same. */
      optimizerState: z.enum(['keep', 'reset']).optional(),
    })
    .refine((given) => [given.epochs, given.steps, given.stages].filter((one) => one !== undefined).length === 1, {
      message: 'must have exactly one of epochs, steps and stages',
    })
    .refine((given) => given.until === undefined || given.stages === undefined, {
      message: 'not allowed together with `stages`; set it inside those stages',
      path: ['until'],
    });
  const run = lengthOnce(
    z.strictObject({
      /** Names the run's folder. */
      name: folderName.optional(),
      /** The seed of all random numbers. Default 0. */
      seed: z.int().min(0).default(0),
      data: refs.data.optional(),
      teacher: teacher.optional(),
      /** The network to train. One that exists in code goes into the second argument: `kit.run(config, { student: model })`. */
      student: student.optional(),
      ...training,
      /** The same bits every time on the same machine, stopped and resumed or not. Default false: the same up to rounding. */
      deterministic: z.boolean().default(false),
      /** How often checkpoints are written, and how many of the last are kept. Default: every epoch, 2. */
      checkpoints: z
        .strictObject({ every: every.default({ epochs: 1 }), keep: count(limits.kept).default(2) })
        .default({ every: { epochs: 1 }, keep: 2 }),
      /** The metrics of evaluations. Default: accuracy, nll, brier, ece, and with a teacher agreement and kl. */
      metrics: z.array(refs.metric).min(1).optional(),
      /** Where events are reported, besides the terminal: `[{ type: 'jsonl' }, { type: 'tensorboard' }]`. */
      reporters: z.array(refs.reporter).optional(),
      /** A named recipe that fills in the parts that this config omits. */
      recipe: refs.recipe.optional(),
    }),
  );
  return { run, stage: stageSchema, teacher: teacherSchema, student: studentSchema };
}

/** The schema of a run. */
export const runSchema = (refs: ConfigRefs) => runSchemas(refs).run;

const teacherForms = ['model', 'from', 'distilled', 'ensemble', 'snapshot'] as const;

/** Evaluates the schema when it is first used, since stages and teachers contain themselves. */
const nestedIn = <N extends PartName>(id: N, schema: () => z.ZodType): z.ZodType<Nested<N>, Nested<N>> =>
  z.lazy(schema).meta({ id }) as unknown as z.ZodType<Nested<N>, Nested<N>>;

interface Length {
  readonly stages?: unknown;
  readonly epochs?: unknown;
}

const lengthOnce = <S extends z.ZodType>(schema: S): S =>
  schema
    .refine((given) => (given as Length).stages === undefined || countStages((given as { stages: Stages }).stages) <= limits.stages, {
      message: `must be at most ${limits.stages.toLocaleString('en-US')} stages in all, each repeat counted`,
      path: ['stages'],
    })
    .refine((given) => (given as Length).stages === undefined || (given as Length).epochs === undefined, {
      message: 'not allowed together with `stages`; set it inside each stage',
      path: ['epochs'],
    });

type Stages = readonly { readonly stages?: Stages; readonly repeat?: number }[];

/** Returns the number of stages with every `repeat` written out, without writing them out. */
export const countStages = (stages: Stages): number =>
  stages.reduce((sum, { stages: inner, repeat = 1 }) => sum + repeat * (inner === undefined ? 1 : countStages(inner)), 0);
