import { buildMetrics, whereBound, type Kit, type RunConfig } from '@temper/core';

/** What a stage says about distillation; the student alone is trained on the labels in every stage. */
const ofDistillation = ['losses', 'weighting', 'temperature', 'teacher'];

/** Returns the config as written without what its stages say about distillation. */
export function withoutDistillation(config: object): object {
  const { stages } = config as { stages?: unknown };
  if (!Array.isArray(stages)) return config;
  return {
    ...config,
    stages: stages.map((stage: unknown) => (typeof stage === 'object' && stage !== null ? without(stage, ofDistillation) : stage)),
  };
}

/** Returns the config without its teacher where no metric compares with it: such a run need not wait for the teacher. */
export function withoutIdleTeacher(config: RunConfig, kit: Pick<Kit, 'build'>): RunConfig {
  const metrics = whereBound(() => buildMetrics(config, kit.build));
  if (metrics === undefined || metrics.some(({ needs }) => needs.includes('teacher'))) return config;
  const { teacher: _, ...rest } = config;
  return rest as RunConfig;
}

const without = (record: object, keys: readonly string[]): object =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
