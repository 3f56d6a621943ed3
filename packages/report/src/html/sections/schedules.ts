import { section, type Section } from '../section.js';
import { curveCharts } from './curves.js';

/** Shows temperature, weights of the losses and learning rate over the run. */
export const schedules: Section = (report, draw) => {
  const charts = curveCharts(report, draw, { titleOf, order });
  return charts && section('schedules', 'Temperature and weights', charts);
};

function titleOf(name: string): string | undefined {
  if (name === 'temperature') return 'temperature';
  if (name === 'learningRate') return 'learning rate';
  const [kind, ...rest] = name.split('.');
  if (kind === 'temperature') return `temperature: ${rest.join('.')}`;
  return kind === 'weighting' ? `weight of ${rest.join('.')}` : undefined;
}

/** The temperature first; the learning rate, which is of less interest here, last. */
const order = (name: string): number => (name.startsWith('temperature') ? 0 : name === 'learningRate' ? 2 : 1);
