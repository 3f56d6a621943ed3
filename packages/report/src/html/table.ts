import { html, type Child, type Html } from './html.js';

/** A table: a header, then rows whose first cell is their name. */
export interface Table {
  /** For screen readers, and the name of the region that scrolls. */
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Child[])[];
  /** Columns of text; all others are numbers, aligned to the right. Default: the first. */
  readonly left?: readonly number[];
}

/** Returns a table in a region that scrolls separately, also by keyboard, so that the page is never wider than its window. */
export function table({ caption, head, rows, left = [0] }: Table): Html {
  const kind = (column: number): string => (left.includes(column) ? 'text' : 'figure');
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table>
<thead><tr>${head.map((cell, i) => html`<th scope="col" class="${kind(i)}">${cell}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell, i) => cellOf(cell, i, kind(i)))}</tr>\n`)}</tbody>
</table></div>`;
}

const cellOf = (cell: Child, column: number, kind: string): Html =>
  column === 0 ? html`<th scope="row" class="${kind}">${cell}</th>` : html`<td class="${kind}">${cell}</td>`;
