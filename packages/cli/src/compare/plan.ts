import { formatPath, TemperError, type Json, type Kit, type RunConfig } from '@temper/core';
import { shortened, studentAlone, variantsOf, type Comparison, type Job, type Variant } from '@temper/experiments';
import { applySetting, settingOf } from '../config/set.js';
import { withoutDistillation, withoutIdleTeacher } from './student-alone.js';
import { teacherConfig } from './teacher-config.js';

/** All runs of a comparison, checked. */
export interface ComparisonPlan {
  readonly variants: readonly Variant[];
  /** The variant with which others are compared, or several of which the best is used. */
  readonly baselines: readonly string[];
  /** Returns the checked config of a variant, with the teacher as in the config: the source of its runs. */
  configOf(variant: Variant): RunConfig;
  /** Trainings of teachers, which come before all other runs. */
  readonly teachers: readonly Job[];
  /** Returns the runs of variants with every seed. */
  runsOf(variants: readonly Variant[]): readonly Job[];
  /** Returns short runs of variants, by which the worse ones are dropped; with a seed that no other run has. */
  triesOf(variants: readonly Variant[], round: number, share: number): readonly Job[];
  /** Returns the job of a variant and a seed, and that of a round. */
  jobOf(variant: Variant, seed: number): string;
  tryOf(variant: Variant, round: number): string;
}

/** The inputs of a plan. */
export interface Planned {
  readonly kit: Pick<Kit, 'parse' | 'build'>;
  /** The config as written, and the checked config. */
  readonly given: object;
  readonly base: RunConfig;
  readonly comparison: Comparison;
  /** Returns the path of the network that a teacher's job saves. */
  readonly placeOf: (job: string) => string;
}

/**
 * Plans the runs: every variant with every seed, and before them the teachers where they have to be trained. Each config is checked here,
 * so that a mistake in a variant is found before the first run starts.
 * @throws TemperError with the variant's name and the path at fault.
 */
export function planComparison({ kit, given, base, comparison, placeOf }: Planned): ComparisonPlan {
  const { variants, baselines } = variantsOf(comparison);
  const { seeds, teacher: sharing } = comparison;
  const trained = base.teacher?.model !== undefined;
  const teacherSeeds = !trained ? [] : sharing === 'per seed' ? seeds : [base.seed];
  // A teacher shared by all runs has a folder that does not depend on the seed of the config.
  const teacherJob = (seed: number): string => `teacher/seed-${sharing === 'per seed' ? seed : 0}`;
  const place = placeOf(teacherJob(seeds[0] as number));
  const shared = trained ? { ...given, teacher: { from: place } } : given;
  const isAlone = ({ name }: Variant): boolean => comparison.studentAlone && name === studentAlone;
  const checked = new Map(variants.map((variant) => [variant, changedBy(kit, shared, variant, isAlone(variant))]));
  const configOf = (variant: Variant): RunConfig => checked.get(variant) as RunConfig;
  const jobOf = (variant: Variant, seed: number): string => `${variant.folder}/seed-${seed}`;
  const tryOf = (variant: Variant, round: number): string => `${variant.folder}/round-${round}`;
  const job = (id: string, config: RunConfig, seed: number, teacherSeed: number): Job => {
    const usesShared = trained && config.teacher?.from === place;
    const teacher = usesShared ? { teacher: { ...config.teacher, from: placeOf(teacherJob(teacherSeed)) } } : {};
    const named = { ...config, ...teacher, name: id.slice(id.indexOf('/') + 1), seed };
    return { id, config: named as unknown as Json, after: usesShared ? [teacherJob(teacherSeed)] : [] };
  };
  // The choice between variants must not depend on the runs of the final judgement.
  const trySeed = seeds.includes(0) ? Math.max(...seeds) + 1 : 0;
  return {
    variants,
    baselines,
    configOf: (variant) => {
      const config = configOf(variant);
      return trained && config.teacher?.from === place && base.teacher !== undefined ? { ...config, teacher: base.teacher } : config;
    },
    teachers: teacherSeeds.map((seed): Job => {
      const id = teacherJob(seed);
      const config = kit.parse(teacherConfig(base, { name: id.slice(id.indexOf('/') + 1), seed }));
      return { id, config: config as unknown as Json, after: [] };
    }),
    runsOf: (some) => some.flatMap((variant) => seeds.map((seed) => job(jobOf(variant, seed), configOf(variant), seed, seed))),
    triesOf: (some, round, share) =>
      some.map((variant) => job(tryOf(variant, round), shortened(configOf(variant), share), trySeed, seeds[0] as number)),
    jobOf,
    tryOf,
  };
}

/** Returns the checked config with the changes of a variant. */
function changedBy(kit: Planned['kit'], config: object, { name, changes }: Variant, isAlone: boolean): RunConfig {
  return ofVariant(name, () => {
    const changed = kit.parse(
      Object.entries(changes)
        .map(([path, value]) => settingOf(path, value))
        .reduce(applySetting, isAlone ? withoutDistillation(config) : config),
    );
    return isAlone ? withoutIdleTeacher(changed, kit) : changed;
  });
}

/** Runs a function for a variant, and adds its name to errors. */
export function ofVariant<T>(name: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof TemperError ? inVariant(name, error) : error;
  }
}

/** Returns an error with the path in a variant's config. */
export const inVariant = (name: string, error: TemperError): TemperError =>
  new TemperError({ ...error.details, path: formatPath(['variants', name, ...error.path]), cause: error });
