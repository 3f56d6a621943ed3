import { z } from 'zod';
import { limits } from '../limits.js';
import { printable } from '../printable.js';
import { show, suggest } from './issues.js';
import type { StageConfig } from './run-config.js';
import type { Refs } from './slots.js';
import { countStages } from './stage-plan.js';

const count = (most: number) => z.int().min(1).max(most);
const lossName = z.string().regex(/^[A-Za-z][\w-]*$/, 'must be a name of letters, digits, - and _');
const stageName = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => printable(name) === name, 'must have no control characters, since it is printed');
const folderName = z
  .string()
  .regex(/^[\w][\w.-]*$/, 'must be a name of letters, digits, - _ and ., since a folder is named after it')
  .max(100);

const every = z
  .strictObject({ epochs: count(limits.epochs).optional(), steps: count(limits.steps).optional() })
  .refine(({ epochs, steps }) => (epochs === undefined) !== (steps === undefined), 'must have either epochs or steps');

const stopOptions = {
  metric: z.string().min(1).default('accuracy'),
  above: z.number().optional(),
  below: z.number().optional(),
  patience: count(limits.steps).optional(),
  minDelta: z.number().min(0).default(0),
  mode: z.enum(['max', 'min']).optional(),
};
const hasReason = ({ above, below, patience }: { above?: unknown; below?: unknown; patience?: unknown }): boolean =>
  above !== undefined || below !== undefined || patience !== undefined;
const noReason = 'must have at least one of above, below and patience';

const stopRule = z.strictObject(stopOptions).refine(hasReason, noReason);
const earlyStopping = z.strictObject({ ...stopOptions, finishSchedule: every.optional() }).refine(hasReason, noReason);

const keep = z.union([z.enum(['best', 'last']), z.strictObject({ by: z.string().min(1) })], {
  error: ({ input }) =>
    `must be "best", "last" or { "by": "nll" } with the name of a metric, got ${show(input)}${suggest(input, ['best', 'last'])}`,
});

/** The schema of a run, over schemas for the strategies in it. */
export function runSchema(refs: Refs) {
  const strategies = {
    temperature: refs.temperature.optional(),
    weighting: refs.weighting.optional(),
    losses: z
      .record(lossName, refs.loss)
      .refine((terms) => Object.keys(terms).length > 0, 'must have at least one loss')
      .optional(),
    optimizer: refs.optimizer.optional(),
  };
  const teacher: z.ZodType = z.lazy(() => teacherSchema).meta({ id: 'teacher' });
  const stage: z.ZodType = z.lazy(() => stageSchema).meta({ id: 'stage' });
  const training = {
    ...strategies,
    batchSize: count(limits.batchSize).default(64),
    accumulate: count(limits.accumulate).default(1),
    epochs: count(limits.epochs).optional(),
    stages: z.array(stage).min(1).optional(),
    keep: keep.default('best'),
    evaluateEvery: every.default({ epochs: 1 }),
    earlyStopping: earlyStopping.optional(),
    ema: z.number().gt(0).lt(1).optional(),
    clipNorm: z.number().gt(0).optional(),
  };
  // A teacher in training takes its batches as large as the run does, where it does not say.
  const nested = { ...training, batchSize: count(limits.batchSize).optional() };
  const student = z
    .strictObject({ model: refs.model.optional(), from: z.string().min(1).optional() })
    .refine(
      ({ model, from }) => (model === undefined) !== (from === undefined),
      'must be exactly one of: model (an architecture), from (a saved network)',
    );
  const teacherSchema = z
    .strictObject({
      name: folderName.optional(),
      model: refs.model.optional(),
      train: lengthOnce(z.strictObject({ ...nested, snapshots: z.array(count(limits.epochs)).min(1).optional() })).optional(),
      from: z.string().min(1).optional(),
      distilled: lengthOnce(z.strictObject({ ...nested, teacher, student })).optional(),
      ensemble: z.array(teacher).min(1).optional(),
      combine: z.enum(['mean', 'confidence', 'random']).optional(),
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
      epochs: count(limits.epochs).optional(),
      steps: count(limits.steps).optional(),
      stages: z.array(stage).min(1).optional(),
      repeat: count(limits.stages).optional(),
      until: stopRule.optional(),
      ...strategies,
      batchSize: count(limits.batchSize).optional(),
      accumulate: count(limits.accumulate).optional(),
      evaluateEvery: every.optional(),
      data: refs.data.optional(),
      teacher: teacher.optional(),
      frozen: z.array(z.string().min(1)).optional(),
      optimizerState: z.enum(['keep', 'reset']).optional(),
    })
    .refine((given) => [given.epochs, given.steps, given.stages].filter((one) => one !== undefined).length === 1, {
      message: 'must have exactly one of epochs, steps and stages',
    })
    .refine((given) => given.until === undefined || given.stages === undefined, {
      message: 'not allowed together with `stages`; set it inside those stages',
      path: ['until'],
    });
  return lengthOnce(
    z.strictObject({
      name: folderName.optional(),
      seed: z.int().min(0).default(0),
      data: refs.data.optional(),
      teacher: teacher.optional(),
      student: student.optional(),
      ...training,
      deterministic: z.boolean().default(false),
      checkpoints: z
        .strictObject({ every: every.default({ epochs: 1 }), keep: count(limits.kept).default(2) })
        .default({ every: { epochs: 1 }, keep: 2 }),
      metrics: z.array(refs.metric).min(1).optional(),
      reporters: z.array(refs.reporter).optional(),
      recipe: refs.recipe.optional(),
    }),
  );
}

const teacherForms = ['model', 'from', 'distilled', 'ensemble', 'snapshot'] as const;

type Training = z.ZodType<{ stages?: unknown; epochs?: unknown }>;

const lengthOnce = <S extends Training>(schema: S): S =>
  schema
    .refine(({ stages }) => stages === undefined || countStages(stages as StageConfig[]) <= limits.stages, {
      message: `must be at most ${limits.stages.toLocaleString('en-US')} stages in all, each repeat counted`,
      path: ['stages'],
    })
    .refine((run) => run.stages === undefined || run.epochs === undefined, {
      message: 'not allowed together with `stages`; set it inside each stage',
      path: ['epochs'],
    }) as S;
