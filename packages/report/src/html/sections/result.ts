import { resultTable } from '../../report/result-table.js';
import { html } from '../html.js';
import { note, section, type Section } from '../section.js';
import { table } from '../table.js';

/** Shows the results; of a comparison first what may be concluded. */
export const result: Section = (report) => {
  const found = resultTable(report);
  if (found === undefined) return undefined;
  const { comparison } = report;
  const title = comparison === undefined ? 'Result on test data' : 'Result';
  return section(
    'result',
    title,
    comparison?.test.map((line) => html`<p>${line}</p>`),
    comparison !== undefined && note(comparison.testTitle.replace(/\s*\(\*\)$/, '.')),
    table({ caption: title, head: found.head, rows: found.rows }),
    found.notes.map((one) => note(one)),
    comparison?.halving.map((line) => note(line)),
  );
};
