import type { z } from 'zod';
import type { Json } from '../json.js';
import type { Fill } from './config-type.js';
import type { Nested, runSchemas } from './run-schema.js';
import type { Ref } from './slots.js';

export type { Every } from './schema-parts.js';

type Schemas = ReturnType<typeof runSchemas>;
type Written<N extends keyof Schemas, D> = Filled<z.input<Schemas[N]>, D>;
type Filled<T, D> = { readonly [P in keyof T]: Fill<T[P], D, PartInput<D>> };

interface PartInput<D> {
  readonly stage: StageInput<D>;
  readonly teacher: TeacherInput<D>;
  readonly student: StudentInput<D>;
}

/** A run as its author writes it; `D` is the union of the kit's definitions. */
export interface RunInput<D> extends Written<'run', D> {}

/** A stage of training with settings of its own. */
export interface StageInput<D> extends Written<'stage', D> {}

/** A teacher: exactly one of `model`, `from`, `distilled`, `ensemble` and `snapshot`. */
export interface TeacherInput<D> extends Written<'teacher', D> {}

/** A student: either an architecture or a saved network. */
export interface StudentInput<D> extends Written<'student', D> {
  /** A network in code goes into the second argument: `kit.run(config, { student: model })`. */
  readonly layers?: never;
}

/** A checked config: plain JSON in its normal form. */
type Checked<T> = T extends Ref
  ? Json
  : T extends Nested<infer N>
    ? PartConfig[N]
    : T extends readonly (infer U)[]
      ? readonly Checked<U>[]
      : T extends object
        ? { readonly [P in keyof T]: Checked<T[P]> }
        : T;
type Parsed<N extends keyof Schemas> = { readonly [P in keyof z.output<Schemas[N]>]: Checked<z.output<Schemas[N]>[P]> };

interface PartConfig {
  readonly stage: StageConfig;
  readonly teacher: TeacherConfig;
  readonly student: StudentConfig;
}

/** A checked run: as written, and with the defaults that do not depend on plug-ins. */
export interface RunConfig extends Omit<Parsed<'run'>, 'recipe'> {}
/** A checked `StageInput`. */
export interface StageConfig extends Parsed<'stage'> {}
/** A checked `TeacherInput`. */
export interface TeacherConfig extends Parsed<'teacher'> {}
/** A checked `StudentInput`. */
export interface StudentConfig extends Parsed<'student'> {}

/** How a network is trained. */
export interface TrainingConfig extends Pick<RunConfig, keyof RunConfig & keyof NonNullable<TeacherConfig['train']>> {}
/** A checked stop rule. */
export interface StopRule extends NonNullable<StageConfig['until']> {}
/** A checked `earlyStopping`. */
export interface EarlyStopping extends NonNullable<RunConfig['earlyStopping']> {}
/** Which weights a training keeps. */
export type Keep = RunConfig['keep'];
/** Configs of the strategies that a stage trains with. */
export type StrategyConfigs = Pick<StageConfig, 'temperature' | 'weighting' | 'losses' | 'optimizer'>;
