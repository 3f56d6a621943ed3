import { clean } from './clean.js';

/**
 * A text in Markdown as it is: markup becomes visible, a name after `@` notifies nobody, and an address is no link.
 * @example escapeMarkdown('*a* <b> | @you') // '\\*a\\* \\<b\\> \\| @<!-- -->you'
 */
export const escapeMarkdown = (text: string): string =>
  clean(text)
    .replace(/[\\`*_~[\]<>#&|]/g, '\\$&')
    .replace(/@(?=\w)/g, '@<!-- -->')
    .replace(/(https?|ftp):\/\//gi, '$1:<!-- -->//')
    .replace(/\bwww\./gi, 'www<!-- -->.');

/** A command or a path as code; the fence is longer than any in the text. */
export function code(text: string): string {
  const cleaned = clean(text);
  const longest = (cleaned.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${cleaned}${fence}` : `${fence} ${cleaned} ${fence}`;
}

/** A table of Markdown: the first column to the left, figures to the right. Cells are escaped. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const ends = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [line(head.map(escapeMarkdown)), line(ends), ...rows.map((row) => line(row.map(escapeMarkdown)))].join('\n');
}
