import { section, type Section } from '../section.js';
import { curveCharts } from './curves.js';

/** Shows temperature, weights of the losses and learning rate over the run. */
export const schedules: Section = (report, draw) => {
  const charts = curveCharts(report, draw, { titleOf });
  return charts && section('schedules', 'Temperature and weights', charts);
};

function titleOf(name: string): string | undefined {
  if (name === 'temperature') return 'temperature';
  if (name === 'learningRate') return 'learning rate';
  const [kind, ...rest] = name.split('.');
  if (kind === 'temperature') return `temperature: ${rest.join('.')}`;
  return kind === 'weighting' ? `weight of ${rest.join('.')}` : undefined;
}
