import type { Chart, ChartSvgOptions } from '@temper/plots';
import { html, raw, type Html } from './html.js';
import { table, type Table } from './table.js';

/** Draws a chart as SVG. */
export type Draw = (chart: Chart, options?: ChartSvgOptions) => string;

/** A chart with its numbers. */
export interface Figure {
  readonly title: string;
  /** What the chart shows, in a sentence for those who do not see it. */
  readonly alternative: string;
  readonly chart: Chart;
  readonly height?: number;
  readonly numbers: Omit<Table, 'caption'>;
}

/** A chart, and its numbers as a table that opens. */
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

/** A picture for screen readers, too: one thing with a text, instead of the labels of its axes one by one. */
const labelled = (svg: string, text: string): Html =>
  raw(svg.replace(/^<svg /, `<svg role="img" aria-label="${html`${text}`.markup.replace(/\$/g, '$$$$')}" `));
