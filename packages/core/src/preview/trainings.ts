import type { RunConfig, StageConfig, TeacherConfig, TrainingConfig } from '../kit/run-config.js';
import type { Path } from '../path.js';
import { labelTraining, withBatches } from '../train/plan/teacher-training.js';

/** The training of a network, and its place in the config. */
export interface Training {
  readonly name: string;
  readonly config: TrainingConfig;
  readonly path: Path;
  readonly hasTeacher: boolean;
}

/** Lists the trainings of all teachers of a run in their order; a teacher that appears twice is trained once. */
export function teacherTrainings(run: RunConfig): Training[] {
  const found: Training[] = [];
  const known = new Set<string>();
  const { batchSize } = run;

  const addTeacher = (teacher: TeacherConfig | undefined, path: Path): void => {
    if (teacher === undefined || known.has(JSON.stringify(teacher))) return;
    known.add(JSON.stringify(teacher));
    const { name = 'teacher', model, train, distilled, ensemble } = teacher;
    ensemble?.forEach((member, i) => addTeacher(member, [...path, 'ensemble', i]));
    if (distilled !== undefined) {
      const at = [...path, 'distilled'];
      addTeacher(distilled.teacher, [...at, 'teacher']);
      addStages(distilled.stages, [...at, 'stages']);
      found.push({ name, config: withBatches(distilled, batchSize), path: at, hasTeacher: true });
    } else if (model !== undefined) {
      addStages(train?.stages, [...path, 'train', 'stages']);
      found.push({ name, config: labelTraining(teacher, batchSize), path: [...path, 'train'], hasTeacher: false });
    }
  };
  const addStages = (stages: readonly StageConfig[] | undefined, path: Path): void =>
    stages?.forEach((stage, i) => {
      addTeacher(stage.teacher, [...path, i, 'teacher']);
      addStages(stage.stages, [...path, i, 'stages']);
    });

  addTeacher(run.teacher, ['teacher']);
  addStages(run.stages, ['stages']);
  return found;
}
