import type { TeacherConfig, TrainingConfig } from '../../kit/run-config.js';

/** How a teacher is trained where its config does not say. */
export const teacherTraining: NonNullable<TeacherConfig['train']> = {
  accumulate: 1,
  epochs: 5,
  keep: 'best',
  evaluateEvery: { epochs: 1 },
};

/** Training on the labels: no softness, whatever the defaults of a run are. */
export function onLabels(training: TrainingConfig): TrainingConfig {
  const length = training.stages === undefined && training.epochs === undefined ? { epochs: 5 } : {};
  return { temperature: 1, ...length, ...training };
}
