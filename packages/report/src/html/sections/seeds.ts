import type { Chart } from '@temper/plots';
import { drawnGroups, figureOf, judgedGroups, type ColoredGroup, type GroupFigure, type Part } from '../../report/figures.js';
import type { Report } from '../../report/report.js';
import { nameOf } from '../../text/clean.js';
import { figure as shown } from '../../text/numbers.js';
import { figure, type Figure } from '../figure.js';
import { html } from '../html.js';
import { note, section, type Section } from '../section.js';

const rowHeight = 30;
const aroundRows = 56;

/** Shows the deciding metric, with a point for each seed, the mean and its interval. */
export const seeds: Section = (report, draw) => {
  if (report.kind === 'run') return undefined;
  const parts = [figureFor(report, drawnGroups(report), 'validation'), figureFor(report, judgedGroups(report), 'test')];
  const figures = parts.flatMap((one) => (one === undefined ? [] : [figure(one, draw)]));
  if (figures.length === 0) return undefined;
  return section(
    'seeds',
    `Seeds: ${nameOf(report.metric)}`,
    note('Points are seeds, a diamond is their mean, a line its 95 % interval (Student’s t; one seed has none).'),
    report.kind === 'comparison' &&
      note('Test data: the variant that was chosen on validation data, and the baseline. No other is looked at.'),
    html`<div class="charts">${figures}</div>`,
  );
};

interface Row {
  readonly group: ColoredGroup;
  readonly figures: GroupFigure;
}

function figureFor(report: Report, groups: readonly ColoredGroup[], part: Part): Figure | undefined {
  const { metric } = report;
  const rows = groups.flatMap((group): Row[] => {
    const figures = figureOf(group, part, metric);
    return figures === undefined ? [] : [{ group, figures }];
  });
  if (rows.length === 0) return undefined;
  const show = (value: number): string => shown(value, report.metricFacts[metric]);
  const range = ({ interval }: GroupFigure): string => (interval === undefined ? '–' : `${show(interval.low)} to ${show(interval.high)}`);
  const title = `${nameOf(metric)}, ${part} data`;
  return {
    title,
    alternative: rows
      .map(({ group, figures }) => `${nameOf(group.name)}: ${show(figures.mean)}${figures.interval ? ` (${range(figures)})` : ''}.`)
      .join(' '),
    chart: chartOf(rows, { label: title, isShare: report.metricFacts[metric]?.unit === 'share' }),
    height: aroundRows + rowHeight * rows.length,
    numbers: {
      head: ['run', 'mean', '95 % interval', 'seeds'],
      rows: rows.map(({ group, figures }) => [
        nameOf(group.name),
        show(figures.mean),
        range(figures),
        figures.values.map(({ seed, run, value }) => `${seed ?? nameOf(run)}: ${show(value)}`).join(', '),
      ]),
    },
  };
}

const chartOf = (rows: readonly Row[], { label, isShare }: { readonly label: string; readonly isShare: boolean }): Chart => ({
  x: { label, ...(isShare ? { unit: 'share' as const } : {}) },
  y: { label: '', names: rows.map(({ group }) => nameOf(group.name)) },
  dots: rows.map(({ group, figures }, y) => ({ color: group.color, points: figures.values.map(({ value }) => [value, y] as const) })),
  intervals: rows.map(({ group: { color }, figures: { mean, interval } }, y) => ({ color, y, middle: mean, ...interval })),
});
