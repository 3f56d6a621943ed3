import { labelTraining, TemperError, type RunConfig } from '@temper/core';

/**
 * Returns the config of a run that trains the teacher alone with the settings of `train`: on the labels, keeping its best weights.
 * @throws TemperError `config/invalid` where the student needs snapshots of that training.
 */
export function teacherConfig(
  { teacher, data, deterministic, batchSize }: RunConfig,
  run: { readonly name: string; readonly seed: number },
): object {
  const { snapshots, ...training } = labelTraining(teacher ?? {}, batchSize);
  if (snapshots !== undefined) {
    throw new TemperError({
      code: 'config/invalid',
      path: 'config.teacher.train.snapshots',
      message: 'snapshots of a teacher are not there when it is trained once for all variants',
      hint: "Train the teacher in a run of its own and name it in the config: teacher: { from: 'runs/NAME/student' }.",
    });
  }
  return {
    losses: { hard: { type: 'cross-entropy' } },
    weighting: { hard: 1 },
    ...training,
    ...run,
    deterministic,
    ...(data === undefined ? {} : { data }),
    student: { model: teacher?.model },
  };
}
