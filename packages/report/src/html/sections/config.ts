import { configDifferences, drawnConfigs } from '../../report/config-differences.js';
import { clean, nameOf } from '../../text/clean.js';
import { html, type Html } from '../html.js';
import { note, section, type Section } from '../section.js';
import { table } from '../table.js';

/** The maximum number of differences, and of characters of a config, that are shown. */
const mostRows = 40;
const mostCharacters = 20_000;

/** Shows the complete configs, and their differences. */
export const config: Section = (report) => {
  const runs = drawnConfigs(report);
  if (runs.length === 0) return undefined;
  const differences = runs.length < 2 ? [] : configDifferences(runs.map((one) => one.config));
  return section(
    'config',
    'Config',
    differences.length > 0 &&
      table({
        caption: 'Where the configs differ',
        head: ['path', ...runs.map(({ name }) => nameOf(name, 30))],
        rows: differences
          .slice(0, mostRows)
          .map(({ path, values }) => [nameOf(path), ...values.map((value) => (value === undefined ? '–' : nameOf(value)))]),
        left: [...runs.keys(), runs.length],
      }),
    differences.length > mostRows && note(`${differences.length - mostRows} more paths differ.`),
    runs.map(({ name, config: one }) => details(runs.length === 1 ? 'The whole config' : `The whole config of ${nameOf(name)}`, one)),
  );
};

function details(title: string, config: unknown): Html {
  const lines = JSON.stringify(config, null, 2).split('\n').map(clean).join('\n');
  const text = lines.length <= mostCharacters ? lines : `${lines.slice(0, mostCharacters)}\n…`;
  const block = html`<pre class="scroll" tabindex="0" role="region" aria-label="${title}">${lined(text)}</pre>`;
  return html`<details><summary>${title}</summary>${block}</details>`;
}

/** Keeps the lines of a text, which a template would join. */
const lined = (text: string): readonly Html[] => text.split('\n').map((line) => html`${line}\n`);
