import type { TeacherConfig, TrainingConfig } from '../../kit/run-config.js';

type Train = NonNullable<TeacherConfig['train']>;

/** How a teacher is trained where its config does not say. */
const usual: Train = { accumulate: 1, epochs: 5, keep: 'best', evaluateEvery: { epochs: 1 } };

/** A training of a teacher, whose batches are as large as the run's where it does not say. */
export const withBatches = <T extends Pick<Train, 'batchSize'>>(training: T, batchSize: number): T & { readonly batchSize: number } => ({
  ...training,
  batchSize: training.batchSize ?? batchSize,
});

/**
 * The training of a teacher on the labels, as its `train` says: no softness, whatever the defaults of a run are.
 * @param batchSize That of the run.
 */
export function labelTraining(
  { train = usual }: Pick<TeacherConfig, 'train'>,
  batchSize: number,
): TrainingConfig & Pick<Train, 'snapshots'> {
  const length = train.stages === undefined && train.epochs === undefined ? { epochs: 5 } : {};
  return { temperature: 1, ...length, ...withBatches(train, batchSize) };
}
