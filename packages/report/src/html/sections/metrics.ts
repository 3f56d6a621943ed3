import { note, section, type Section } from '../section.js';
import { curveCharts } from './curves.js';

const prefix = 'validation.';

/** Shows metrics on validation data over the run. */
export const metrics: Section = (report, draw) => {
  const factsOf = (name: string) => report.metricFacts[name.slice(prefix.length)];
  const titleOf = (name: string): string | undefined => {
    if (!name.startsWith(prefix)) return undefined;
    const unit = factsOf(name)?.unit ?? '';
    return `${name.slice(prefix.length)}${unit === '' || unit === 'share' ? '' : ` (${unit})`}`;
  };
  const charts = curveCharts(report, draw, { titleOf, dots: true, isShare: (name) => factsOf(name)?.unit === 'share' });
  return (
    charts &&
    section(
      'metrics',
      'Metrics on validation data',
      note('Measured at temperature 1, whatever the temperature of the training: values before and after a change of it can be compared.'),
      charts,
    )
  );
};
