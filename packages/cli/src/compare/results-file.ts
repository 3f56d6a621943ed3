import type { Judgement } from '@temper/experiments';
import { wordsOf, type Shown } from './comparison-text.js';

/** The contents of a page of results besides the figures. */
export interface ResultsPage extends Shown {
  readonly name: string;
  /** The command that writes the page again. */
  readonly command: string;
  /** Ids of runs that failed. */
  readonly failed: readonly string[];
}

/** Formats a comparison as a page of Markdown; the same runs give the same page. */
export function resultsPage(judgement: Judgement, { name, command, failed, ...shown }: ResultsPage): string {
  const { rows, testTitle, test, halving } = wordsOf(judgement, shown);
  const [head = [], ...lines] = rows.map((row) => row.map((cell) => cell.trim()));
  return [
    `# ${text(name)}`,
    '',
    `Written by \`${command}\`; do not edit.`,
    '',
    ...halving.flatMap((line) => [text(line), '']),
    'On validation data:',
    '',
    ...[head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...lines].map((row) => `| ${row.map(cellOf).join(' | ')} |`),
    '',
    `On ${text(testTitle)}:`,
    '',
    ...test.map((line) => `- ${text(line)}`),
    ...(failed.length === 0 ? [] : ['', `Runs that failed and are left out: ${failed.map(text).join(', ')}.`]),
    '',
  ].join('\n');
}

/** Names come from configs: their markup is escaped. */
const text = (given: string): string => given.replace(/[\\`*_[\]<>#&]/g, '\\$&').replace(/\s+/g, ' ');
const cellOf = (given: string): string => (/^-+:?$/.test(given) ? given : text(given).replaceAll('|', '\\|'));
