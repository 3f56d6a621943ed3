import type { ColoredGroup } from '../report/figures.js';
import { counted } from '../text/numbers.js';
import { nameOf } from '../text/clean.js';
import { html, type Html } from './html.js';

/** The number of colors before they repeat with another dash; as in the charts. */
const colors = 7;
const dashes = ['', '5 3', '2 2'] as const;

/** Returns the sample of a line in front of a name. */
export function swatch(color: number): Html {
  const number = color % colors;
  const stroke = `var(--plot-${number})`;
  const dash = dashes[Math.floor(color / colors) % dashes.length];
  const line = html`<line x1="0" y1="5" x2="22" y2="5" stroke-width="3" stroke="${stroke}" stroke-dasharray="${dash}"/>`;
  return html`<svg class="swatch" width="22" height="10" aria-hidden="true">${line}</svg>`;
}

/** Returns the legend of all charts of a section; undefined where there is a single group. */
export const legend = (groups: readonly ColoredGroup[]): Html | undefined =>
  namedLegend(groups.map(({ name, color, runs }) => ({ name, color, about: runs.length > 1 ? counted(runs.length, 'seed') : '' })));

/** Returns a legend of names with colors; undefined for a single entry. */
export function namedLegend(
  entries: readonly { readonly name: string; readonly color: number; readonly about?: string }[],
): Html | undefined {
  if (entries.length < 2) return undefined;
  return html`<ul class="legend">${entries.map(
    ({ name, color, about = '' }) =>
      html`<li>${swatch(color)} ${nameOf(name)}${about !== '' && html` <span class="dim">(${about})</span>`}</li>`,
  )}</ul>`;
}
