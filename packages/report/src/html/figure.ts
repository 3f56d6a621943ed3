import type { Chart, ChartSvgOptions } from '@temper/plots';
import { html, raw, type Html } from './html.js';
import { table, type Table } from './table.js';

/** Draws a chart as SVG. */
export type Draw = (chart: Chart, options?: ChartSvgOptions) => string;

/** A chart with its numbers. */
export interface Figure {
  readonly title: string;
  /** A description of the chart for readers who do not see it. */
  readonly alternative: string;
  readonly chart: Chart;
  readonly height?: number;
  readonly numbers: Omit<Table, 'caption'>;
}

/** Returns a chart, and its numbers as a table that can be opened. */
export function figure({ title, alternative, chart, height, numbers }: Figure, draw: Draw): Html {
  const svg = draw(chart, height === undefined ? {} : { height });
  return html`<figure>
<figcaption>${title}</figcaption>
${labelled(svg, `${title}. ${alternative}`)}
<details>
<summary>Numbers <span class="hidden">of ${title}</span></summary>
${table({ caption: `Numbers of ${title}`, ...numbers })}
</details>
</figure>`;
}

/** Labels a picture for screen readers: a single text instead of the labels of its axes. */
const labelled = (svg: string, text: string): Html =>
  raw(svg.replace(/^<svg /, `<svg role="img" aria-label="${html`${text}`.markup.replace(/\$/g, '$$$$')}" `));
