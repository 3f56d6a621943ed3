import { costHead, costRows } from '../../report/cost-table.js';
import { note, section, type Section } from '../section.js';
import { table } from '../table.js';

/** Shows the cost of networks and trainings. */
export const cost: Section = (report) => {
  const rows = costRows(report);
  if (rows.length === 0) return undefined;
  return section(
    'cost',
    'Cost',
    table({ caption: 'Cost', head: costHead, rows }),
    note(
      'Milliseconds a sample: the shortest of three passes over test data, in batches, on the machine that wrote this report. ' +
        'The time of a training includes its evaluations.',
    ),
  );
};
