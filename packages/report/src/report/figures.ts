import { mean, tInterval, type Interval } from '@temper/experiments';
import type { Group, Report, ReportedRun } from './report.js';

/** A metric of a group: its value for each seed, their mean, and its 95 % interval by Student's t. */
export interface GroupFigure {
  readonly values: readonly { readonly run: string; readonly seed?: number; readonly value: number }[];
  readonly mean: number;
  /** Absent for one value, which says nothing about the spread of values. */
  readonly interval?: Interval;
}

/** The parts of the data that have metrics. */
export type Part = 'validation' | 'test';

/** Returns a group's values of a metric; undefined where no run of it has the metric. */
export function figureOf({ runs }: Group, part: Part, metric: string): GroupFigure | undefined {
  const values = runs.flatMap((run) => {
    const value = metricsOf(run, part)?.[metric];
    return value === undefined || !Number.isFinite(value)
      ? []
      : [{ run: run.name, ...(run.seed === undefined ? {} : { seed: run.seed }), value }];
  });
  if (values.length === 0) return undefined;
  const numbers = values.map(({ value }) => value);
  const interval = tInterval(numbers);
  return { values, mean: mean(numbers), ...(interval === undefined ? {} : { interval }) };
}

const metricsOf = ({ summary }: ReportedRun, part: Part): Readonly<Record<string, number>> | undefined =>
  part === 'test' ? summary?.test : summary?.chosen?.validation;

/** Returns the names of the metrics that runs have on a part, in the order of the first run that has them. */
export function metricNames({ groups }: Report, part: Part): readonly string[] {
  return [...new Set(groups.flatMap(({ runs }) => runs.flatMap((run) => Object.keys(metricsOf(run, part) ?? {}))))];
}

/** A group with the number of its color. */
export interface ColoredGroup extends Group {
  readonly color: number;
}

/** Returns the groups whose curves and networks are shown, each with its color: the same in every chart. */
export const drawnGroups = ({ groups }: Report): readonly ColoredGroup[] =>
  groups.filter(({ isDrawn }) => isDrawn).map((group, color) => ({ ...group, color }));

/** Returns the groups that may be evaluated on test data: in a comparison those that were chosen without it. */
export const judgedGroups = (report: Report): readonly ColoredGroup[] =>
  drawnGroups(report).filter(({ isJudged }) => report.kind !== 'comparison' || isJudged);
