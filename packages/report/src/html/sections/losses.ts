import { note, section, type Section } from '../section.js';
import { curveCharts } from './curves.js';

/** Shows the losses on training data over the run. */
export const losses: Section = (report, draw) => {
  const charts = curveCharts(report, draw, { titleOf });
  return (
    charts &&
    section(
      'losses',
      'Losses',
      note(
        'Means over the updates between two records, on training data. A soft loss depends on the temperature: compare metrics instead.',
      ),
      charts,
    )
  );
};

const titleOf = (name: string): string | undefined =>
  name === 'loss' ? 'total loss' : name.startsWith('loss.') ? `loss ${name.slice('loss.'.length)}` : undefined;
