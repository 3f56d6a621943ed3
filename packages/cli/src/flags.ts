// What each command is given: commands read it, and what they do asks for it.

/** Where runs are kept unless something else is said. */
export const defaultRuns = 'runs';

/** What `temper run` is given. */
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

/** What `temper compare` is given. */
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

/** What `temper preview` is given. */
export interface PreviewFlags {
  readonly set: readonly string[];
  readonly schedule?: string;
  readonly steps?: number;
  readonly epochs?: number;
  readonly stepsPerEpoch?: number;
  readonly svg?: string;
  readonly json?: boolean;
}

/** A part of the data. */
export type SplitName = 'train' | 'validation' | 'test';

/** What `temper inspect` is given. */
export interface InspectFlags {
  readonly part: SplitName;
  readonly samples: number;
  readonly temperature: number;
  readonly show: readonly number[];
  readonly config?: string;
  readonly runs: string;
  readonly json?: boolean;
}

/** What `temper explain` is given. */
export interface ExplainFlags {
  readonly sample: number;
  readonly part: SplitName;
  readonly temperatures: readonly number[];
  readonly top: number;
  readonly config?: string;
  readonly runs: string;
  readonly json?: boolean;
}

/** Which samples are judged. */
export type Part = SplitName | 'all';

/** What `temper evaluate` is given. */
export interface EvaluateFlags {
  readonly data?: string;
  readonly config?: string;
  readonly part?: Part;
  readonly bins: number;
  readonly runs: string;
  readonly json?: boolean;
}

/** What `temper predict` is given. */
export interface PredictFlags {
  readonly input: string;
  readonly top: number;
  readonly temperature: number;
  readonly runs: string;
  readonly json?: boolean;
}
