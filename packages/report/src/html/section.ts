import type { Report } from '../report/report.js';
import type { Draw } from './figure.js';
import { html, type Child, type Html } from './html.js';

/** A part of a report; undefined where the runs have no data for it. */
export type Section = (report: Report, draw: Draw) => Html | undefined;

/** Returns a section with its heading. */
export const section = (id: string, title: string, ...content: readonly Child[]): Html =>
  html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>\n`;

/** Returns a paragraph of explanation. */
export const note = (...content: readonly Child[]): Html => html`<p class="note">${content}</p>`;
