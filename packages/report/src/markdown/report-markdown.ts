import { configDifferences, drawnConfigs } from '../report/config-differences.js';
import { costHead, costRows } from '../report/cost-table.js';
import type { Report } from '../report/report.js';
import { resultTable } from '../report/result-table.js';
import { nameOf } from '../text/clean.js';
import { code, escapeMarkdown, markdownTable } from '../text/markdown.js';

/** Rows of a table, which a comment on a pull request still has room for. */
const mostRows = 40;

/**
 * Writes a report as Markdown for a pull request: result, cost, and where configs differ. Names from configs and data are escaped.
 * @example await writeFile('report.md', reportMarkdown(report));
 */
export function reportMarkdown(report: Report): string {
  const { title, comparison, notes, command } = report;
  const result = resultTable(report);
  const costs = costRows(report);
  return [
    `## ${escapeMarkdown(nameOf(title, 120))}`,
    ...(comparison?.test ?? []).map(escapeMarkdown),
    ...(result === undefined ? [] : [bounded(result.head, result.rows), ...result.notes.map(proseOf)]),
    ...(comparison?.halving ?? []).map(escapeMarkdown),
    ...(costs.length === 0 ? [] : [bounded(costHead, costs)]),
    ...differences(report),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n')]),
    `Written by ${code(command)}, with curves, calibration and confusion in report.html.`,
    '',
  ].join('\n\n');
}

/** A sentence of Temper's own may name a command as code. */
const proseOf = (text: string): string =>
  text
    .split(/(`npx [a-z ]+`)/)
    .map((part, i) => (i % 2 === 1 ? part : escapeMarkdown(part)))
    .join('');

function bounded(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const more = rows.length - mostRows;
  return `${markdownTable(head, rows.slice(0, mostRows))}${more > 0 ? `\n\n${more} more rows are in summary.json.` : ''}`;
}

function differences(report: Report): string[] {
  const runs = drawnConfigs(report);
  const found = runs.length < 2 ? [] : configDifferences(runs.map(({ config }) => config));
  if (found.length === 0) return [];
  const rows = found.map(({ path, values }) => [nameOf(path), ...values.map((value) => nameOf(value ?? '–'))]);
  return ['Where the configs differ:', bounded(['path', ...runs.map(({ name }) => nameOf(name))], rows)];
}
