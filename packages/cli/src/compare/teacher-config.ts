import { TemperError, type RunConfig, type TeacherConfig } from '@temper/core';

/** Epochs of a teacher whose training names no length. */
const usualEpochs = 5;

/**
 * The config of a run that trains the teacher alone, as its `train` says: on the labels, its best weights kept.
 * @throws TemperError `config/invalid` where the student needs snapshots of that training.
 */
export function teacherConfig(
  { teacher, data, deterministic, batchSize }: RunConfig,
  run: { readonly name: string; readonly seed: number },
): object {
  const { snapshots, ...train }: Partial<NonNullable<TeacherConfig['train']>> = teacher?.train ?? {};
  if (snapshots !== undefined) {
    throw new TemperError({
      code: 'config/invalid',
      path: 'config.teacher.train.snapshots',
      message: 'snapshots of a teacher are not there when it is trained once for all variants',
      hint: "Train the teacher in a run of its own and name it in the config: teacher: { from: 'runs/NAME/student' }.",
    });
  }
  return {
    batchSize,
    temperature: 1,
    losses: { hard: { type: 'cross-entropy' } },
    weighting: { hard: 1 },
    ...(train.stages === undefined && train.epochs === undefined ? { epochs: usualEpochs } : {}),
    ...train,
    ...run,
    deterministic,
    ...(data === undefined ? {} : { data }),
    student: { model: teacher?.model },
  };
}
