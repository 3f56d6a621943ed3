import type { Json } from '../json.js';
import type { SlotConfig } from './config-type.js';

/** How a network is trained; a run says it of its student, and a teacher that is distilled itself says it again. */
export interface TrainingInput<D> {
  /** Loss terms by name. Default: `hard` (cross-entropy) and, with a teacher, `soft` (kl). */
  readonly losses?: Readonly<Record<string, SlotConfig<D, 'loss'>>>;
  /** Default: adam with learning rate 0.001. */
  readonly optimizer?: SlotConfig<D, 'optimizer'>;
  /** Default: linear from 20 to 1. */
  readonly temperature?: SlotConfig<D, 'temperature'>;
  /** Default: 0.7 soft, 0.3 hard. */
  readonly weighting?: SlotConfig<D, 'weighting'>;
  /** Samples in one batch. Default 64. */
  readonly batchSize?: number;
  /** Batches whose gradients make one update. Default 1. */
  readonly accumulate?: number;
  /** Passes over the training data, where there are no `stages`. Default 10. */
  readonly epochs?: number;
  /** Stretches of training; what a stage leaves out it takes from here. */
  readonly stages?: readonly StageInput<D>[];
  /**
   * Which weights training ends with: those with the best validation accuracy (`best`, the default), those with the best value of another
   * validation metric, or the last ones.
   */
  readonly keep?: Keep;
  /** How often validation data are looked at. Default: after every epoch. */
  readonly evaluateEvery?: EveryInput;
  /** Ends training, all stages of it, when validation says so. */
  readonly earlyStopping?: EarlyStoppingInput;
  /** Decay of an exponential moving average of the weights (0.999), which is then what is evaluated and kept. */
  readonly ema?: number;
  /** Gradients whose norm together is larger are scaled down to it. */
  readonly clipNorm?: number;
}

/** A run as its author writes it; `D` is the union of the kit's definitions. */
export interface RunInput<D> extends TrainingInput<D> {
  /** Names the run's folder. */
  readonly name?: string;
  /** Everything random follows from it. Default 0. */
  readonly seed?: number;
  readonly data?: SlotConfig<D, 'data'>;
  readonly teacher?: TeacherInput<D>;
  /** The network to train. One that exists in code goes into the second argument instead: `kit.run(config, { student: model })`. */
  readonly student?: StudentInput<D>;
  /** The same bits every time on the same machine, stopped and resumed or not. Default false: the same up to rounding. */
  readonly deterministic?: boolean;
  /** How often checkpoints are written, and how many of the last are kept. Default: every epoch, 2. */
  readonly checkpoints?: { readonly every?: EveryInput; readonly keep?: number };
  /** What evaluations measure. Default: accuracy, nll, brier, ece, and with a teacher agreement and kl. */
  readonly metrics?: readonly SlotConfig<D, 'metric'>[];
  /** Who is told of every event, besides the terminal: `[{ type: 'jsonl' }, { type: 'tensorboard' }]`. */
  readonly reporters?: readonly SlotConfig<D, 'reporter'>[];
  /** A named recipe that fills in what this config leaves out. */
  readonly recipe?: SlotConfig<D, 'recipe'>;
}

/** Which weights a training keeps: `best` is by accuracy, or by the first of `metrics` where accuracy is not measured. */
export type Keep = 'best' | 'last' | { readonly by: string };

/** An interval, in epochs or in updates. */
export type EveryInput = { readonly epochs: number } | { readonly steps: number };

/** When training has had enough, by a validation metric; looked at after every evaluation. */
export interface StopRuleInput {
  /** A validation metric. Default `accuracy`. */
  readonly metric?: string;
  /** Ends when the metric is above … */
  readonly above?: number;
  /** … or below this, … */
  readonly below?: number;
  /** … or when so many evaluations brought nothing better. */
  readonly patience?: number;
  /** Less than this is no improvement. Default 0. */
  readonly minDelta?: number;
  /** Whether larger or smaller values are better. Default: what the metric says. */
  readonly mode?: 'max' | 'min';
}

/** A student is exactly one of these. */
export interface StudentInput<D> {
  /** An architecture, trained from fresh weights … */
  readonly model?: SlotConfig<D, 'model'>;
  /** … or a saved LayersModel, trained further from its weights: a path, or the name of an earlier run. */
  readonly from?: string;
  /** A network in code goes into the second argument: `kit.run(config, { student: model })`. */
  readonly layers?: never;
}

/** When the whole training has had enough. */
export interface EarlyStoppingInput extends StopRuleInput {
  /**
   * Trains on for so long, while the schedules of the stage pass what they have left, so that they end at their end values.
   * Default: training ends at once.
   */
  readonly finishSchedule?: EveryInput;
}

/** A teacher is exactly one of these. */
export interface TeacherInput<D> {
  /** An architecture to train on the labels first … */
  readonly model?: SlotConfig<D, 'model'>;
  readonly train?: TrainingInput<D> & {
    /** Epochs after which the weights are remembered, for stages that learn from a teacher in the making (`snapshot`). */
    readonly snapshots?: readonly number[];
  };
  /** … or a saved model to load … */
  readonly from?: string;
  /** … or a network that is distilled first, from a teacher of its own: a chain of assistants … */
  readonly distilled?: TrainingInput<D> & { readonly teacher: TeacherInput<D>; readonly student: StudentInput<D> };
  /** … or several teachers that speak as one … */
  readonly ensemble?: readonly TeacherInput<D>[];
  /** How: mean of the logits (default), weighted by confidence in the label (2201.00007), or one by chance for each batch. */
  readonly combine?: 'mean' | 'confidence' | 'random';
  /** … or, in a stage, the run's teacher as it was after this epoch of its training. */
  readonly snapshot?: number;
  /** Names its folder and its part of the progress. Default `teacher`. */
  readonly name?: string;
}

/** A stretch of training with settings of its own. */
export interface StageInput<D>
  extends Pick<TrainingInput<D>, 'losses' | 'optimizer' | 'temperature' | 'weighting' | 'batchSize' | 'accumulate' | 'evaluateEvery'> {
  readonly name?: string;
  /** Its length, in epochs or in updates; with `until` the most it may take. */
  readonly epochs?: number;
  readonly steps?: number;
  readonly until?: StopRuleInput;
  /** Other training data for this stage, of the same shape and classes. */
  readonly data?: SlotConfig<D, 'data'>;
  readonly teacher?: TeacherInput<D>;
  /** Layers that are not trained in this stage; `*` stands for any text. */
  readonly frozen?: readonly string[];
  /** Momentum and moments of the stage before. Default: kept where the optimizer is the same. */
  readonly optimizerState?: 'keep' | 'reset';
  /** Instead of a length: stages in it, which take from it what they leave out … */
  readonly stages?: readonly StageInput<D>[];
  /** … one after the other, so many times. Default 1. */
  readonly repeat?: number;
}

/** An interval, in epochs or in updates. */
export type Every = { readonly epochs: number } | { readonly steps: number };

/** A checked `StopRuleInput`. */
export interface StopRule {
  readonly metric: string;
  readonly above?: number;
  readonly below?: number;
  readonly patience?: number;
  readonly minDelta: number;
  readonly mode?: 'max' | 'min';
}

/** A checked `EarlyStoppingInput`. */
export interface EarlyStopping extends StopRule {
  readonly finishSchedule?: Every;
}

/** Configs of the strategies that a stage trains with. */
export interface StrategyConfigs {
  readonly temperature?: Json;
  readonly weighting?: Json;
  readonly losses?: Readonly<Record<string, Json>>;
  readonly optimizer?: Json;
}

/** A checked `TrainingInput` in its normal form. */
export interface TrainingConfig extends StrategyConfigs {
  readonly batchSize: number;
  readonly accumulate: number;
  readonly epochs?: number;
  readonly stages?: readonly StageConfig[];
  readonly keep: Keep;
  readonly evaluateEvery: Every;
  readonly earlyStopping?: EarlyStopping;
  readonly ema?: number;
  readonly clipNorm?: number;
}

/** A checked run in its normal form: plain JSON, as written and with the defaults that do not depend on plug-ins. */
export interface RunConfig extends TrainingConfig {
  readonly name?: string;
  readonly seed: number;
  readonly data?: Json;
  readonly teacher?: TeacherConfig;
  readonly student?: StudentConfig;
  readonly deterministic: boolean;
  readonly checkpoints: { readonly every: Every; readonly keep: number };
  readonly metrics?: readonly Json[];
  readonly reporters?: readonly Json[];
}

/** The training of a teacher, whose batches are as large as the run's where it does not say. */
export type NestedTraining = Omit<TrainingConfig, 'batchSize'> & { readonly batchSize?: number };

/** A checked `StudentInput`: exactly one of the two. */
export interface StudentConfig {
  readonly model?: Json;
  readonly from?: string;
}

/** A checked `TeacherInput` in its normal form. */
export interface TeacherConfig {
  readonly name?: string;
  readonly model?: Json;
  readonly train?: NestedTraining & { readonly snapshots?: readonly number[] };
  readonly from?: string;
  readonly distilled?: NestedTraining & { readonly teacher: TeacherConfig; readonly student: StudentConfig };
  readonly ensemble?: readonly TeacherConfig[];
  readonly combine?: 'mean' | 'confidence' | 'random';
  readonly snapshot?: number;
}

/** A checked `StageInput` in its normal form. */
export interface StageConfig extends StrategyConfigs {
  readonly name?: string;
  readonly epochs?: number;
  readonly steps?: number;
  readonly until?: StopRule;
  readonly batchSize?: number;
  readonly accumulate?: number;
  readonly evaluateEvery?: Every;
  readonly data?: Json;
  readonly teacher?: TeacherConfig;
  readonly frozen?: readonly string[];
  readonly optimizerState?: 'keep' | 'reset';
  readonly stages?: readonly StageConfig[];
  readonly repeat?: number;
}
