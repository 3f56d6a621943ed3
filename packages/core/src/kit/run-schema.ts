import { z } from 'zod';
import type { Refs } from './slots.js';

const count = z.int().min(1);
const lossName = z.string().regex(/^[A-Za-z][\w-]*$/, 'must be a name of letters, digits, - and _');
const folderName = z.string().regex(/^[\w][\w.-]*$/, 'must be a name of letters, digits, - _ and ., since a folder is named after it');

const every = z
  .strictObject({ epochs: count.optional(), steps: count.optional() })
  .refine(({ epochs, steps }) => (epochs === undefined) !== (steps === undefined), 'must say either epochs or steps');

const stopRule = z
  .strictObject({
    metric: z.string().min(1).default('accuracy'),
    above: z.number().optional(),
    below: z.number().optional(),
    patience: count.optional(),
    minDelta: z.number().min(0).default(0),
    mode: z.enum(['max', 'min']).optional(),
  })
  .refine(({ above, below, patience }) => above !== undefined || below !== undefined || patience !== undefined, 'must say above, below or patience');

/** The schema of a run, over schemas for the strategies in it. */
export function runSchema(refs: Refs) {
  const strategies = {
    temperature: refs.temperature.optional(),
    weighting: refs.weighting.optional(),
    losses: z.record(lossName, refs.loss).refine((terms) => Object.keys(terms).length > 0, 'must have at least one loss').optional(),
    optimizer: refs.optimizer.optional(),
  };
  const teacher: z.ZodType = z.lazy(() => teacherSchema).meta({ id: 'teacher' });
  const stage: z.ZodType = z.lazy(() => stageSchema).meta({ id: 'stage' });
  const training = {
    ...strategies,
    batchSize: count.default(64),
    accumulate: count.default(1),
    epochs: count.optional(),
    stages: z.array(stage).min(1).optional(),
    keep: z.enum(['best', 'last']).default('best'),
    evaluateEvery: every.default({ epochs: 1 }),
    earlyStopping: stopRule.optional(),
    ema: z.number().gt(0).lt(1).optional(),
    clipNorm: z.number().gt(0).optional(),
  };
  // A teacher in training takes its batches as large as the run does, where it does not say.
  const nested = { ...training, batchSize: count.optional() };
  const student = z
    .strictObject({ model: refs.model.optional(), from: z.string().min(1).optional() })
    .refine(({ model, from }) => (model === undefined) !== (from === undefined), 'must be exactly one of: model (an architecture), from (a saved network)');
  const teacherSchema = z
    .strictObject({
      name: folderName.optional(),
      model: refs.model.optional(),
      train: lengthOnce(z.strictObject({ ...nested, snapshots: z.array(count).min(1).optional() })).optional(),
      from: z.string().min(1).optional(),
      distilled: lengthOnce(z.strictObject({ ...nested, teacher, student })).optional(),
      ensemble: z.array(teacher).min(1).optional(),
      combine: z.enum(['mean', 'confidence', 'random']).optional(),
      snapshot: count.optional(),
    })
    .refine((given) => teacherForms.filter((form) => given[form] !== undefined).length === 1, {
      message: 'must be exactly one of: model (trained first), from (a saved model), distilled, ensemble, snapshot',
    })
    .refine((given) => given.train === undefined || given.model !== undefined, { message: 'needs a model to train', path: ['train'] })
    .refine((given) => given.combine === undefined || given.ensemble !== undefined, { message: 'needs an ensemble to combine', path: ['combine'] });
  const stageSchema = z
    .strictObject({
      name: z.string().min(1).optional(),
      epochs: count.optional(),
      steps: count.optional(),
      stages: z.array(stage).min(1).optional(),
      repeat: count.optional(),
      until: stopRule.optional(),
      ...strategies,
      batchSize: count.optional(),
      accumulate: count.optional(),
      evaluateEvery: every.optional(),
      data: refs.data.optional(),
      teacher: teacher.optional(),
      frozen: z.array(z.string().min(1)).optional(),
      optimizerState: z.enum(['keep', 'reset']).optional(),
    })
    .refine((given) => [given.epochs, given.steps, given.stages].filter((one) => one !== undefined).length === 1, {
      message: 'must say its length, in epochs or in steps, or have stages in it',
    })
    .refine((given) => given.until === undefined || given.stages === undefined, { message: 'belongs into the stages of this stage, which have a length', path: ['until'] });
  return lengthOnce(
    z.strictObject({
      name: folderName.optional(),
      seed: z.int().min(0).default(0),
      data: refs.data.optional(),
      teacher: teacher.optional(),
      student: student.optional(),
      ...training,
      deterministic: z.boolean().default(false),
      checkpoints: z.strictObject({ every: every.default({ epochs: 1 }), keep: count.default(2) }).default({ every: { epochs: 1 }, keep: 2 }),
      reporters: z.array(refs.reporter).optional(),
      recipe: refs.recipe.optional(),
    }),
  );
}

const teacherForms = ['model', 'from', 'distilled', 'ensemble', 'snapshot'] as const;

const lengthOnce = <S extends z.ZodType<{ stages?: unknown; epochs?: unknown }>>(schema: S): S =>
  schema.refine((run) => run.stages === undefined || run.epochs === undefined, {
    message: 'stands beside stages, where every stage has its own; remove one of the two',
    path: ['epochs'],
  }) as S;
