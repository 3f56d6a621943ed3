import { figureOf, metricNames, type GroupFigure, type Part } from './figures.js';
import type { Group, Report } from './report.js';

/** Figures of metrics by name. */
export type FiguresByName = Readonly<Record<string, Omit<GroupFigure, 'values'>>>;

/** A report as data, for other programs. */
export interface ReportSummary {
  readonly title: string;
  readonly kind: Report['kind'];
  readonly metric: string;
  /** In a comparison: the variant that was chosen, the baseline, and what may be concluded. */
  readonly comparison?: { readonly chosen: string; readonly baseline: string; readonly test: readonly string[] };
  readonly groups: readonly {
    readonly name: string;
    /** Means over seeds with 95 % intervals by Student's t. In a comparison only what was chosen, and the baseline, have `test`. */
    readonly validation: FiguresByName;
    readonly test?: FiguresByName;
    readonly runs: readonly {
      readonly name: string;
      readonly location: string;
      readonly seed?: number;
      readonly steps?: number;
      readonly seconds?: number;
      readonly parameters?: Readonly<Record<string, number>>;
      /** Of the files of the student. */
      readonly bytes?: number;
      readonly msPerSample?: number;
    }[];
  }[];
  readonly notes: readonly string[];
  readonly command: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** Returns a report as data, without curves and networks: what `summary.json` next to a report has. */
export function reportSummary(report: Report): ReportSummary {
  const { title, kind, metric, comparison, notes, command, versions } = report;
  return {
    title,
    kind,
    metric,
    ...(comparison === undefined
      ? {}
      : { comparison: { chosen: comparison.chosen, baseline: comparison.baseline, test: comparison.test } }),
    groups: report.groups.map((group) => ({
      name: group.name,
      validation: figuresOf(report, group, 'validation'),
      ...(kind === 'comparison' && !group.isJudged ? {} : { test: figuresOf(report, group, 'test') }),
      runs: group.runs.map(({ name, location, seed, summary, student }) => ({
        name,
        location,
        ...defined({ seed, steps: summary?.steps, seconds: summary?.seconds, parameters: summary?.parameters }),
        ...defined({ bytes: student?.bytes, msPerSample: student?.msPerSample }),
      })),
    })),
    notes,
    command,
    versions,
  };
}

function figuresOf(report: Report, group: Group, part: Part): FiguresByName {
  return Object.fromEntries(
    metricNames(report, part).flatMap((name) => {
      const { values: _values, ...figure } = figureOf(group, part, name) ?? { values: [] };
      return 'mean' in figure ? [[name, figure]] : [];
    }),
  );
}

/** The fields that have a value. */
const defined = <T extends object>(fields: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { readonly [K in keyof T]?: never };
