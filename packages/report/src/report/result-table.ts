import { figure } from '../text/numbers.js';
import { nameOf } from '../text/clean.js';
import { figureOf, metricNames } from './figures.js';
import type { Group, Report } from './report.js';

/** The result of a report as a table. */
export interface ResultTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What explains the table, one sentence or two each. */
  readonly notes: readonly string[];
}

/** Metrics of a table of several runs. */
const mostMetrics = 8;

/** The result on test data, or what a comparison says; undefined where no run has a result. */
export function resultTable(report: Report): ResultTable | undefined {
  if (report.comparison !== undefined) return ofComparison(report.comparison);
  // Before a comparison has chosen, no variant is looked at on test data.
  const names = report.kind === 'comparison' ? [] : metricNames(report, 'test');
  if (names.length === 0) return undefined;
  return report.kind === 'run' ? ofRun(report, names) : ofRuns(report, names);
}

function ofComparison({ rows: [head = [], ...rows], chosen, baseline }: NonNullable<Report['comparison']>): ResultTable {
  return {
    head,
    rows: rows.map((row) => row.map((cell) => cell.trim())),
    notes: [
      `On validation data. ${nameOf(chosen)} (*) was chosen by them; the baseline is ${nameOf(baseline)}. ` +
        'p is corrected for the number of variants (Holm).',
    ],
  };
}

function ofRun(report: Report, names: readonly string[]): ResultTable {
  const summary = report.groups[0]?.runs[0]?.summary;
  const columns = [summary?.test, ...(summary?.teacherTest === undefined ? [] : [summary.teacherTest])];
  const chosen = summary?.chosen;
  return {
    head: ['metric', 'student', 'teacher'].slice(0, 1 + columns.length),
    rows: names.map((name) => [nameOf(name), ...columns.map((values) => figure(values?.[name], report.metricFacts[name]))]),
    notes: [
      ...(chosen === undefined ? [] : [`Weights of epoch ${chosen.epoch} (${chosen.by}).`]),
      'One run: another seed gives other figures, and one value does not tell how much they vary, so there is no interval.',
    ],
  };
}

function ofRuns(report: Report, all: readonly string[]): ResultTable {
  const names = all.slice(0, mostMetrics);
  const left = all.slice(mostMetrics);
  return {
    head: ['run', 'seeds', ...names.map((name) => nameOf(name))],
    rows: report.groups.map((group) => [
      nameOf(group.name),
      String(group.runs.length),
      ...names.map((name) => withInterval(report, group, name)),
    ]),
    notes: [
      'Means over seeds with 95 % intervals by Student’s t; one seed has none. Runs next to each other are no planned comparison: ' +
        '`npx temper compare` pairs seeds, corrects for the number of variants, and says what may be concluded.',
      ...(left.length === 0 ? [] : [`Not shown: ${left.map((name) => nameOf(name)).join(', ')} (summary.json has them).`]),
    ],
  };
}

function withInterval({ metricFacts }: Report, group: Group, name: string): string {
  const found = figureOf(group, 'test', name);
  if (found === undefined) return '–';
  const show = (value: number): string => figure(value, metricFacts[name]);
  const { interval } = found;
  return interval === undefined ? show(found.mean) : `${show(found.mean)} (${show(interval.low)} to ${show(interval.high)})`;
}
