import type { Json } from '../json.js';
import type { RunConfig, StageConfig } from './run-config.js';

/** A part of the config, and where it stands there: what a stage leaves out is found at the run's own path. */
export interface Placed<T = Json> {
  readonly config: T;
  readonly path: readonly PropertyKey[];
}

/** A stage with everything it takes from the run filled in. */
export interface StagePlan {
  readonly name: string;
  readonly index: number;
  readonly epochs: number;
  readonly temperature: Placed;
  readonly weighting: Placed;
  readonly losses: Placed<Readonly<Record<string, Json>>>;
  readonly optimizer: Placed;
}

const defaultEpochs = 10;
const defaultTemperature: Json = { type: 'linear', from: 20, to: 1 };
const defaultOptimizer: Json = { type: 'adam', learningRate: 0.001 };
const hardLoss = { hard: { type: 'cross-entropy' } };
const softLoss = { soft: { type: 'kl', scale: 'temperature-squared' } };

/** The stages of a run: those written, or the one that the run itself describes. */
export function stagesOf(config: RunConfig, hasTeacher: boolean): StagePlan[] {
  const written: readonly StageConfig[] = config.stages ?? [{ name: config.name ?? 'distil', epochs: config.epochs ?? defaultEpochs }];
  return written.map((stage, index) => {
    const place = <K extends 'temperature' | 'weighting' | 'losses' | 'optimizer'>(key: K): Placed<NonNullable<StageConfig[K]>> | undefined => {
      const own = stage[key];
      if (own != null) return { config: own as NonNullable<StageConfig[K]>, path: ['stages', index, key] };
      const shared = config[key];
      return shared == null ? undefined : { config: shared as NonNullable<StageConfig[K]>, path: [key] };
    };
    const losses = place('losses') ?? { config: hasTeacher ? { ...hardLoss, ...softLoss } : hardLoss, path: ['losses'] };
    return {
      name: stage.name ?? `stage ${index + 1}`,
      index,
      epochs: stage.epochs,
      losses,
      temperature: place('temperature') ?? { config: defaultTemperature, path: ['temperature'] },
      weighting: place('weighting') ?? { config: defaultWeights(Object.keys(losses.config)), path: ['weighting'] },
      optimizer: place('optimizer') ?? { config: defaultOptimizer, path: ['optimizer'] },
    };
  });
}

/** 0.7 soft and 0.3 hard where those are the losses; any other terms count once each. */
function defaultWeights(names: readonly string[]): Json {
  const usual: Record<string, number> = { soft: 0.7, hard: 0.3 };
  const isUsual = names.length === 2 && names.every((name) => name in usual);
  return Object.fromEntries(names.map((name) => [name, isUsual ? (usual[name] as number) : 1]));
}
