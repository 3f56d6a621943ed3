import { TemperError, type Json, type Kit, type RunConfig } from '@temper/core';
import { variantsOf, type Comparison, type Job, type Variant } from '@temper/experiments';
import { applySetting, parseSetting } from '../config/set.js';

/** All runs of a comparison, checked. */
export interface ComparisonPlan {
  readonly variants: readonly Variant[];
  /** The variant that others are compared with, or those of which the best is. */
  readonly baselines: readonly string[];
  readonly jobs: readonly Job[];
  /** The job of a variant and a seed. */
  jobOf(variant: Variant, seed: number): string;
}

/** The job that trains the teacher, once for all. */
export const teacherJob = 'teacher/seed-0';

/**
 * Plans the runs: every variant with every seed, and before them the teacher where it has to be trained. Each config is checked here,
 * so that a variant that cannot run is found before the first run starts.
 * @param place Where the teacher will be found: the folder of a network that its run saves.
 * @throws TemperError with the variant's name and the path at fault.
 */
export function planComparison(kit: Pick<Kit, 'parse'>, given: object, comparison: Comparison, place: string): ComparisonPlan {
  const { variants, baselines } = variantsOf(comparison);
  const base = kit.parse(given);
  const trained = teacherConfig(base);
  const shared = trained === undefined ? given : { ...given, teacher: { from: place } };
  const jobOf = (variant: Variant, seed: number): string => `${variant.folder}/seed-${seed}`;
  const after = trained === undefined ? [] : [teacherJob];
  const runs = variants.flatMap((variant) => {
    const changed = changedBy(kit, shared, variant);
    return comparison.seeds.map(
      (seed): Job => ({ id: jobOf(variant, seed), config: { ...changed, name: `seed-${seed}`, seed } as unknown as Json, after }),
    );
  });
  const teacher = trained === undefined ? [] : [{ id: teacherJob, config: kit.parse(trained) as unknown as Json, after: [] }];
  return { variants, baselines, jobs: [...teacher, ...runs], jobOf };
}

/** The config with the changes of a variant, checked. */
function changedBy(kit: Pick<Kit, 'parse'>, config: object, { name, changes }: Variant): RunConfig {
  try {
    const changed = Object.entries(changes).reduce(
      (before, [path, value]) => applySetting(before, parseSetting(`${path}=${JSON.stringify(value)}`)),
      config,
    );
    return kit.parse(changed);
  } catch (error) {
    if (!(error instanceof TemperError)) throw error;
    throw new TemperError({ ...error.details, path: ['variants', name, ...error.path], cause: error });
  }
}

/** A run that trains the teacher alone, as its `train` says: on the labels, its best weights kept. */
function teacherConfig({ teacher, data, deterministic, seed, batchSize }: RunConfig): object | undefined {
  if (teacher?.model === undefined) return undefined;
  const { snapshots, ...train } = teacher.train ?? {};
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
    ...(teacher.train === undefined || (teacher.train.stages === undefined && teacher.train.epochs === undefined) ? { epochs: 5 } : {}),
    ...train,
    name: 'seed-0',
    seed,
    deterministic,
    ...(data === undefined ? {} : { data }),
    student: { model: teacher.model },
  };
}
