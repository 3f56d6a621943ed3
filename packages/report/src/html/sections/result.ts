import { figureOf, metricNames } from '../../report/figures.js';
import type { Group, Report } from '../../report/report.js';
import { nameOf } from '../../text/clean.js';
import { figure } from '../../text/numbers.js';
import { html, type Child, type Html } from '../html.js';
import { note, section, type Section } from '../section.js';
import { table } from '../table.js';

/** The maximum number of metrics in a table of several runs. */
const mostMetrics = 8;

/** Shows the results. */
export const result: Section = (report) => {
  if (report.comparison !== undefined) return section('result', 'Result', comparisonText(report, report.comparison));
  const names = metricNames(report, 'test');
  if (names.length === 0) return undefined;
  return section('result', 'Result on test data', report.kind === 'run' ? oneRun(report, names) : severalRuns(report, names));
};

function comparisonText({ metric }: Report, { rows, testTitle, test, halving, chosen, baseline }: NonNullable<Report['comparison']>): Html {
  const [head = [], ...lines] = rows;
  return html`${test.map((line) => html`<p>${line}</p>`)}
${note(`This is about ${testTitle.replace(/\s*\(\*\)$/, '')}. Baseline: ${nameOf(baseline)}.`)}
${table({ caption: `${metric} of all variants on validation data`, head, rows: lines.map((row) => row.map((cell) => cell.trim())) })}
${note(`Validation data. * ${nameOf(chosen)} was chosen by them; p is corrected for the number of variants (Holm).`)}
${halving.map((line) => note(line))}`;
}

/** Shows student and teacher next to each other. */
function oneRun(report: Report, names: readonly string[]): Html {
  const summary = report.groups[0]?.runs[0]?.summary;
  const columns = [summary?.test, ...(summary?.teacherTest === undefined ? [] : [summary.teacherTest])];
  const chosen = summary?.chosen;
  return html`${table({
    caption: 'Metrics on test data',
    head: ['metric', 'student', 'teacher'].slice(0, 1 + columns.length),
    rows: names.map((name) => [name, ...columns.map((values) => figure(values?.[name], report.metricFacts[name]))]),
  })}
${chosen !== undefined && note(`Weights of epoch ${chosen.epoch} (${chosen.by}).`)}
${note('One run: another seed gives other figures, and one value does not tell how much they vary, so there is no interval.')}`;
}

function severalRuns(report: Report, all: readonly string[]): Html {
  const names = all.slice(0, mostMetrics);
  return html`${table({
    caption: 'Metrics on test data',
    head: ['run', 'seeds', ...names],
    rows: report.groups.map((group): Child[] => [
      nameOf(group.name),
      String(group.runs.length),
      ...names.map((name) => withInterval(report, group, name)),
    ]),
  })}
${note(
  'Means over seeds with 95 % intervals by Student’s t; one seed has none. Runs next to each other are no planned comparison: ' +
    '`npx temper compare` pairs seeds, corrects for the number of variants, and says what may be concluded.',
)}
${all.length > names.length && note(`Not shown: ${all.slice(mostMetrics).join(', ')} (summary.json has them).`)}`;
}

function withInterval({ metricFacts }: Report, group: Group, name: string): string {
  const found = figureOf(group, 'test', name);
  if (found === undefined) return '–';
  const show = (value: number): string => figure(value, metricFacts[name]);
  const { interval } = found;
  return interval === undefined ? show(found.mean) : `${show(found.mean)} (${show(interval.low)} to ${show(interval.high)})`;
}
