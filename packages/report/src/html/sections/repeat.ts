import { drawnGroups } from '../../report/figures.js';
import { nameOf } from '../../text/clean.js';
import { html, type Html } from '../html.js';
import { note, section, type Section } from '../section.js';
import { table } from '../table.js';

/** Shows the commands that repeat the runs and the report, and the versions of the programs. */
export const repeat: Section = (report) => {
  const runs = drawnGroups(report).flatMap(({ runs: [run] }) =>
    run?.command === undefined ? [] : [{ name: run.name, command: run.command }],
  );
  return section(
    'repeat',
    'To repeat it',
    runs.length > 0 && note('These commands train the same again, in the folder that the report was made in:'),
    runs.map(({ name, command }) => commandOf(`Command that repeats ${nameOf(name)}`, command)),
    note('This command writes the report again:'),
    commandOf('Command that writes the report', report.command),
    table({
      caption: 'Versions',
      head: ['program', 'version'],
      left: [0, 1],
      rows: Object.entries(report.versions).map(([name, version]) => [name, version]),
    }),
    note('Versions are those that wrote the report; a run does not keep the versions that trained it.'),
  );
};

const commandOf = (label: string, command: string): Html =>
  html`<pre class="scroll" tabindex="0" role="region" aria-label="${label}">${command}</pre>`;
