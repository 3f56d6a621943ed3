import type { Json } from '../json.js';
import type { Every, StageConfig, StopRule, StrategyConfigs, TeacherConfig, TrainingConfig } from './run-config.js';
import type { Path } from '../path.js';

/** A part of the config, and its path; inherited parts have the path of the run. */
export interface Placed<T = Json> {
  readonly config: T;
  readonly path: Path;
}

/** The largest length of a stage. */
export type StageLength = { readonly epochs: number } | { readonly steps: number };

/** A stage with all inherited settings. */
export interface StagePlan {
  readonly name: string;
  readonly index: number;
  readonly path: Path;
  readonly length: StageLength;
  readonly until?: StopRule;
  readonly batchSize: number;
  readonly batchSizePath: Path;
  readonly accumulate: number;
  readonly evaluateEvery: Every;
  readonly temperature: Placed;
  readonly weighting: Placed;
  readonly losses: Placed<Readonly<Record<string, Json>>>;
  readonly optimizer: Placed;
  /** Where the stage has a teacher or data of its own. */
  readonly teacher?: Placed<TeacherConfig>;
  readonly data?: Placed;
  readonly frozen: readonly string[];
  readonly optimizerState?: 'keep' | 'reset';
}

const defaultEpochs = 10;
/** The temperature of a stage for which the config names none. */
export const defaultTemperature: Json = { type: 'linear', from: 20, to: 1 };
const defaultOptimizer: Json = { type: 'adam', learningRate: 0.001 };
const hardLoss = { hard: { type: 'cross-entropy' } };
const softLoss = { soft: { type: 'kl', scale: 'temperature-squared' } };

/** Updates of a stage, given how many one epoch of it has. */
export const stepsOf = ({ length }: Pick<StagePlan, 'length'>, perEpoch: number): number =>
  'epochs' in length ? length.epochs * perEpoch : length.steps;

/**
 * Returns the stages of a training, flattened; a training without `stages` is one stage.
 * @param path Path of the training in the config: empty for the run, `['teacher', 'train']` for its teacher.
 */
export function stagesOf(config: TrainingConfig & { readonly name?: string }, hasTeacher: boolean, path: Path = []): StagePlan[] {
  const outer: Scope = { settings: config, path, outer: undefined };
  const whole: StageConfig = { name: config.name ?? 'student', epochs: config.epochs ?? defaultEpochs };
  const scopes = config.stages === undefined ? [{ settings: whole, path, outer }] : flatten(config.stages, [...path, 'stages'], outer);
  return scopes.map((scope, index) => planOf(scope, index, config, hasTeacher, path));
}

/** Returns how many stages these are once every `repeat` is written out, without writing them out. */
export const countStages = (stages: readonly StageConfig[]): number =>
  stages.reduce((sum, { stages: inner, repeat = 1 }) => sum + repeat * (inner === undefined ? 1 : countStages(inner)), 0);

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

type Inherited = keyof StrategyConfigs | 'batchSize' | 'accumulate' | 'evaluateEvery' | 'teacher' | 'data' | 'frozen' | 'optimizerState';

/** Returns a setting of the stage, or the inherited one. */
function find<K extends Inherited>(scope: Scope | undefined, key: K): Placed<NonNullable<StageConfig[K]>> | undefined {
  if (scope === undefined) return undefined;
  const own = (scope.settings as StageConfig)[key];
  return own == null || (scope.outer === undefined && runOnly.includes(key))
    ? find(scope.outer, key)
    : { config: own, path: [...scope.path, key] };
}

// At the top of a run these two are the run's own, resolved before any stage.
const runOnly: readonly string[] = ['teacher', 'data'];

function planOf(scope: Scope, index: number, config: TrainingConfig, hasTeacher: boolean, path: Path): StagePlan {
  const { name, epochs, steps, until } = scope.settings as StageConfig;
  const at = (key: string): Path => [...path, key];
  const teacher = find(scope, 'teacher');
  const data = find(scope, 'data');
  const optimizerState = find(scope, 'optimizerState')?.config;
  const batchSize = find(scope, 'batchSize');
  const losses = find(scope, 'losses') ?? {
    config: hasTeacher || teacher !== undefined ? { ...hardLoss, ...softLoss } : hardLoss,
    path: at('losses'),
  };
  return {
    name: name ?? `stage ${index + 1}`,
    index,
    path: scope.path,
    length: steps === undefined ? { epochs: epochs ?? defaultEpochs } : { steps },
    ...(until === undefined ? {} : { until }),
    batchSize: batchSize?.config ?? config.batchSize,
    batchSizePath: batchSize?.path ?? at('batchSize'),
    accumulate: find(scope, 'accumulate')?.config ?? config.accumulate,
    evaluateEvery: find(scope, 'evaluateEvery')?.config ?? config.evaluateEvery,
    losses,
    temperature: find(scope, 'temperature') ?? { config: defaultTemperature, path: at('temperature') },
    weighting: find(scope, 'weighting') ?? { config: defaultWeights(Object.keys(losses.config)), path: at('weighting') },
    optimizer: find(scope, 'optimizer') ?? { config: defaultOptimizer, path: at('optimizer') },
    ...(teacher === undefined ? {} : { teacher }),
    ...(data === undefined ? {} : { data }),
    frozen: find(scope, 'frozen')?.config ?? [],
    ...(optimizerState === undefined ? {} : { optimizerState }),
  };
}

/** 0.7 soft and 0.3 hard where those are the losses; any other terms count once each. */
function defaultWeights(names: readonly string[]): Json {
  const usual: Record<string, number> = { soft: 0.7, hard: 0.3 };
  const isUsual = names.length === 2 && names.every((name) => name in usual);
  return Object.fromEntries(names.map((name) => [name, isUsual ? (usual[name] as number) : 1]));
}
