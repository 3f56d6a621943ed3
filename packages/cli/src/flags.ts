// The options of each command, shared by its definition and its implementation.

/** The default folder of runs. */
export const defaultRuns = 'runs';

/** Options of `temper run`. */
export interface RunFlags {
  readonly set: readonly string[];
  readonly data?: string;
  readonly name?: string;
  readonly runs: string;
  readonly deterministic?: boolean;
  readonly resume?: string;
  readonly force?: boolean;
  readonly allow: readonly string[];
  readonly writeTo: readonly string[];
  readonly setup?: boolean;
  readonly json?: boolean;
}

/** Options of `temper compare`. */
export interface CompareFlags {
  readonly builtin?: string;
  readonly config?: string;
  readonly name?: string;
  readonly seeds?: number;
  readonly sample?: number;
  readonly budget?: number;
  readonly workers?: number;
  readonly retry: number;
  readonly results?: string;
  readonly threads: number;
  readonly runs: string;
  readonly json?: boolean;
}

/** Options of `temper preview`. */
export interface PreviewFlags {
  readonly set: readonly string[];
  readonly schedule?: string;
  readonly layers?: boolean;
  readonly steps?: number;
  readonly epochs?: number;
  readonly stepsPerEpoch?: number;
  readonly svg?: string;
  readonly json?: boolean;
}

/** A part of the data. */
export type SplitName = 'train' | 'validation' | 'test';

/** Options of `temper inspect`. */
export interface InspectFlags {
  readonly part: SplitName;
  readonly samples: number;
  readonly temperature: number;
  readonly show?: readonly number[];
  readonly config?: string;
  readonly runs: string;
  readonly json?: boolean;
}

/** Options of `temper explain`. */
export interface ExplainFlags {
  readonly sample: number;
  readonly part: SplitName;
  readonly temperatures: readonly number[];
  readonly top: number;
  readonly config?: string;
  readonly runs: string;
  readonly json?: boolean;
}

/** Options of `temper report`. */
export interface ReportFlags {
  readonly out?: string;
  readonly config?: string;
  readonly evaluate: boolean;
  readonly runs: string;
  readonly json?: boolean;
}

/** The samples that are evaluated. */
export type Part = SplitName | 'all';

/** Options of `temper evaluate`. */
export interface EvaluateFlags {
  readonly data?: string;
  readonly config?: string;
  readonly part?: Part;
  readonly bins: number;
  readonly runs: string;
  readonly json?: boolean;
}

/** Options of `temper predict`. */
export interface PredictFlags {
  readonly input: string;
  readonly top: number;
  readonly temperature: number;
  readonly runs: string;
  readonly json?: boolean;
}
