import type { TeacherConfig, TrainingConfig } from '../../kit/run-config.js';

type Train = NonNullable<TeacherConfig['train']>;

/** The training of a teacher whose config does not specify one. */
const usual: Train = { accumulate: 1, epochs: 5, keep: 'best', evaluateEvery: { epochs: 1 } };

/** Returns a training of a teacher whose batch size defaults to that of the run. */
export const withBatches = <T extends Pick<Train, 'batchSize'>>(training: T, batchSize: number): T & { readonly batchSize: number } => ({
  ...training,
  batchSize: training.batchSize ?? batchSize,
});

/**
 * Returns the training of a teacher on the labels with the settings of `train`: without soft losses, whatever the defaults of a run are.
 * @param batchSize That of the run.
 */
export function labelTraining(
  { train = usual }: Pick<TeacherConfig, 'train'>,
  batchSize: number,
): TrainingConfig & Pick<Train, 'snapshots'> {
  const length = train.stages === undefined && train.epochs === undefined ? { epochs: 5 } : {};
  return { temperature: 1, ...length, ...withBatches(train, batchSize) };
}
