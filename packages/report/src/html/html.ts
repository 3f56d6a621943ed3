import { clean } from '../text/clean.js';

/** Safe markup: written in the source, or escaped. */
export interface Html {
  readonly markup: string;
}

/** The content of a template: texts are escaped, `undefined` and `false` are left out, lists are joined. */
export type Child = string | number | Html | undefined | false | readonly Child[];

/** Returns markup unchanged; for Temper's own text only. */
export const raw = (markup: string): Html => ({ markup });

/**
 * Fills a template with escaped values, for content and quoted attributes alike.
 * @example html`<b title="${'a"b'}">${'<i>'}</b>`.markup // '<b title="a&quot;b">&lt;i&gt;</b>'
 */
export function html(parts: TemplateStringsArray, ...values: readonly Child[]): Html {
  return { markup: parts.map((part, i) => `${part}${i < values.length ? markupOf(values[i]) : ''}`).join('') };
}

function markupOf(child: Child): string {
  if (child === undefined || child === false) return '';
  if (typeof child === 'string' || typeof child === 'number') return escapeHtml(String(child));
  if ('markup' in child) return child.markup;
  return child.map(markupOf).join('');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes a text for HTML: markup and control characters become visible. */
export const escapeHtml = (text: string): string => clean(text).replace(/[&<>"']/g, (character) => entities[character] as string);
