import type { Json } from '../json.js';
import type { Path } from '../path.js';
import type { Builder } from './builder.js';
import type { StageConfig, TrainingConfig } from './run-config.js';

/** The maximum length of a stage. */
export type StageLength = { readonly epochs: number } | { readonly steps: number };

/** A stage with all inherited settings. */
export interface StagePlan extends Settings {
  readonly name: string;
  readonly index: number;
  readonly path: Path;
  readonly length: StageLength;
  readonly until?: NonNullable<StageConfig['until']>;
  /**
   * The path of each setting in the config: an inherited setting has the path of its origin, a default the path where it would be
   * written.
   */
  readonly paths: Readonly<Record<InheritedSetting, Path>>;
}

/** A setting that a stage inherits: all settings except its name, its length and its nested stages. */
export type InheritedSetting = Exclude<keyof StageConfig, 'name' | 'epochs' | 'steps' | 'until' | 'stages' | 'repeat'>;

/** The settings that a stage inherits. Those without a default may be missing. */
type Settings = { readonly [K in Needed]: NonNullable<StageConfig[K]> } & {
  readonly [K in Exclude<InheritedSetting, Needed>]?: NonNullable<StageConfig[K]>;
};
type Needed = { [K in InheritedSetting]: undefined extends ReturnType<(typeof inherited)[K]> ? never : K }[InheritedSetting];

/** The facts on which the defaults of a stage depend. */
interface Known {
  readonly training: TrainingConfig;
  readonly hasTeacher: boolean;
  /** Names of the stage's losses. */
  readonly losses: readonly string[];
}

/** The temperature of a stage for which the config names none. */
export const defaultTemperature: Json = { type: 'linear', from: 20, to: 1 };
/** Epochs of a training for which the config names no length. */
export const defaultEpochs = 10;
const hardLoss = { hard: { type: 'cross-entropy' } };
const softLoss = { soft: { type: 'kl', scale: 'temperature-squared' } };
/** Whether a loss is one of a stage for which the config names none. */
export const isDefaultLoss = (loss: Json): boolean => loss === hardLoss.hard || loss === softLoss.soft;

/**
 * The settings that a stage inherits from the stages around it and from its training, each with its default. `losses` comes first, since
 * others depend on it.
 */
const inherited = {
  losses: ({ hasTeacher }: Known): Readonly<Record<string, Json>> => (hasTeacher ? { ...hardLoss, ...softLoss } : hardLoss),
  temperature: (): Json => defaultTemperature,
  weighting: ({ losses }: Known): Json => defaultWeights(losses),
  optimizer: (): Json => ({ type: 'adam', learningRate: 0.001 }),
  batchSize: ({ training }: Known) => training.batchSize,
  accumulate: ({ training }: Known) => training.accumulate,
  evaluateEvery: ({ training }: Known) => training.evaluateEvery,
  teacher: none,
  data: none,
  frozen: none,
  optimizerState: none,
} satisfies { readonly [K in InheritedSetting]: (known: Known) => StageConfig[K] | undefined };

function none(): undefined {
  return undefined;
}

const inheritedKeys = Object.keys(inherited) as readonly InheritedSetting[];

// At the top of a run these two are the run's own, resolved before any stage.
const ofRunOnly: readonly string[] = ['teacher', 'data'];

/** Returns the number of updates of a stage from the number of updates in an epoch. */
export const stepsOf = ({ length }: Pick<StagePlan, 'length'>, perEpoch: number): number =>
  'epochs' in length ? length.epochs * perEpoch : length.steps;

/**
 * Returns the stages of a training, flattened; a training without `stages` is one stage.
 * @param path Path of the training in the config: empty for the run, `['teacher', 'train']` for its teacher.
 * @param normal Converts the default strategies to their normal form, which all other strategies already have. Default: no conversion.
 */
export function stagesOf(
  config: TrainingConfig & { readonly name?: string | undefined },
  hasTeacher: boolean,
  path: Path = [],
  normal: Builder['normal'] = (_slot, strategy) => strategy as Json,
): StagePlan[] {
  const outer: Scope = { settings: config, path, outer: undefined };
  const whole: StageConfig = { name: config.name ?? 'student', epochs: config.epochs ?? defaultEpochs };
  const scopes = config.stages === undefined ? [{ settings: whole, path, outer }] : flatten(config.stages, [...path, 'stages'], outer);
  return scopes.map((scope, index) => planOf(scope, index, { training: config, hasTeacher, path, normal }));
}

/** Returns the config of a stage with all settings written out. */
export function stageConfig(plan: StagePlan): StageConfig {
  const settings = inheritedKeys.flatMap((key) => (plan[key] === undefined ? [] : [[key, plan[key]] as const]));
  return {
    name: plan.name,
    ...plan.length,
    ...(plan.until === undefined ? {} : { until: plan.until }),
    ...(Object.fromEntries(settings) as Partial<Settings>),
  };
}

/** A stage and the stages that contain it. */
interface Scope {
  readonly settings: StageConfig | TrainingConfig;
  readonly path: Path;
  readonly outer: Scope | undefined;
}

function flatten(stages: readonly StageConfig[], path: Path, outer: Scope): Scope[] {
  return stages.flatMap((settings, index) => {
    const scope: Scope = { settings, path: [...path, index], outer };
    if (settings.stages === undefined) return Array.from({ length: settings.repeat ?? 1 }, () => scope);
    const inner = flatten(settings.stages, [...path, index, 'stages'], scope);
    return Array.from({ length: settings.repeat ?? 1 }, () => inner).flat();
  });
}

/** Returns a setting of the stage or of those around it, with its path. */
function find(scope: Scope | undefined, key: InheritedSetting): { readonly value: unknown; readonly path: Path } | undefined {
  if (scope === undefined) return undefined;
  const value = (scope.settings as StageConfig)[key];
  return value == null || (scope.outer === undefined && ofRunOnly.includes(key))
    ? find(scope.outer, key)
    : { value, path: [...scope.path, key] };
}

interface Around {
  readonly training: TrainingConfig;
  readonly hasTeacher: boolean;
  readonly path: Path;
  readonly normal: Builder['normal'];
}

function planOf(scope: Scope, index: number, { training, hasTeacher: teacherOfAll, path, normal }: Around): StagePlan {
  const { name, epochs, steps, until } = scope.settings as StageConfig;
  const hasTeacher = teacherOfAll || find(scope, 'teacher') !== undefined;
  const settings: Record<string, unknown> = {};
  const paths: Record<string, Path> = {};
  for (const key of inheritedKeys) {
    const found = find(scope, key);
    paths[key] = found?.path ?? [...path, key];
    const known = { training, hasTeacher, losses: Object.keys((settings['losses'] as object) ?? {}) };
    const value = found?.value ?? inNormalForm(key, inherited[key](known), paths[key], normal);
    if (value !== undefined) settings[key] = value;
  }
  return {
    name: name ?? `stage ${index + 1}`,
    index,
    path: scope.path,
    length: steps === undefined ? { epochs: epochs ?? defaultEpochs } : { steps },
    ...(until === undefined ? {} : { until }),
    ...(settings as unknown as Settings),
    paths: paths as StagePlan['paths'],
  };
}

function inNormalForm(key: InheritedSetting, config: unknown, path: Path, normal: Builder['normal']): unknown {
  if (key === 'temperature' || key === 'weighting' || key === 'optimizer') return normal(key, config, path);
  if (key !== 'losses') return config;
  return Object.fromEntries(Object.entries(config as object).map(([name, loss]) => [name, normal('loss', loss, [...path, name])]));
}

/** Returns the default weights: 0.7 soft and 0.3 hard for losses of these names, else 1 for each loss. */
function defaultWeights(names: readonly string[]): Json {
  const usual: Record<string, number> = { soft: 0.7, hard: 0.3 };
  const isUsual = names.length === 2 && names.every((name) => name in usual);
  return Object.fromEntries(names.map((name) => [name, isUsual ? (usual[name] as number) : 1]));
}
