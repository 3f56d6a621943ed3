import type { Evaluation, Json, MetricFactsByName } from '@temper/core';
import type { Curves } from './curves.js';

/** Everything that a report shows, as plain data; `reportHtml`, `reportMarkdown` and `reportSummary` write it. */
export interface Report {
  readonly title: string;
  /** One run, several side by side, or the variants of a planned comparison. */
  readonly kind: 'run' | 'runs' | 'comparison';
  /** In the given order; a group's position is the number of its color. */
  readonly groups: readonly Group[];
  /** The metric that is shown for each seed. */
  readonly metric: string;
  readonly metricFacts: MetricFactsByName;
  readonly comparison?: ReportedComparison;
  /** The command that writes the report again. */
  readonly command: string;
  /** The versions of the programs that have written the report. */
  readonly versions: Readonly<Record<string, string>>;
  /** The missing parts of the report, with reasons. */
  readonly notes: readonly string[];
}

/** Runs that differ in their seed alone. */
export interface Group {
  readonly name: string;
  /** Whether its curves and networks are shown; of very many groups only the tables are. */
  readonly isDrawn: boolean;
  /** In a comparison: the variant that was chosen on validation data, and the baseline. Only these are evaluated on test data. */
  readonly isJudged: boolean;
  readonly runs: readonly ReportedRun[];
}

/** A run in its folder. Missing and damaged parts are absent. */
export interface ReportedRun {
  readonly name: string;
  readonly location: string;
  readonly seed?: number;
  readonly config?: Json;
  readonly summary?: ReportedSummary;
  readonly curves?: Curves;
  /** Evaluated when the report was made. */
  readonly student?: ReportedNetwork;
  readonly teacher?: ReportedNetwork;
  /** The command that repeats the run. */
  readonly command?: string;
}

/** Parts of a run's summary.json. */
export interface ReportedSummary {
  readonly steps?: number;
  readonly seconds?: number;
  readonly chosen?: { readonly epoch: number; readonly by: string; readonly validation: Readonly<Record<string, number>> };
  readonly test: Readonly<Record<string, number>>;
  readonly teacherTest?: Readonly<Record<string, number>>;
  readonly parameters: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

/** A saved network on the test data. */
export interface ReportedNetwork {
  readonly classes: readonly string[];
  /** The size of its files. */
  readonly bytes?: number;
  /** Measured on the machine that has made the report. */
  readonly msPerSample?: number;
  readonly evaluation?: Evaluation;
}

/** The conclusions of a comparison, in words. */
export interface ReportedComparison {
  readonly baseline: string;
  readonly chosen: string;
  /** The header, then a row for each variant. */
  readonly rows: readonly (readonly string[])[];
  readonly testTitle: string;
  readonly test: readonly string[];
  readonly halving: readonly string[];
}
