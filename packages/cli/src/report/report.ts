import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { prettyJson, writeWhole } from '@temper/node';
import { reportHtml, reportMarkdown, reportSummary } from '@temper/report';
import { quoted, shellCommand } from '@temper/tensorflow/shell';
import { defaultRuns, type ReportFlags } from '../flags.js';
import { mistake } from '../config/mistake.js';
import { printJson } from '../json.js';
import type { Terminal } from '../terminal.js';
import { buildReport } from './build-report.js';
import { findRuns, type FoundRuns } from './find-runs.js';
import { writeCards } from './write-cards.js';

/** Writes a report of runs or of a comparison, and says where it is. */
export async function report(given: readonly string[], flags: ReportFlags, terminal: Terminal): Promise<void> {
  const found = await findRuns(given, flags.runs);
  const folder = flags.out ?? folderOf(found);
  const built = await buildReport(found, { ...flags, command: commandOf(given, flags) }, (text) =>
    terminal.err(terminal.colors.err.dim(text)),
  );
  await makeFolder(folder);
  const summary = reportSummary(built);
  const page = join(folder, 'report.html');
  await writeWhole(page, await reportHtml(built), 'user');
  await writeWhole(join(folder, 'report.md'), reportMarkdown(built), 'user');
  await writeWhole(join(folder, 'summary.json'), prettyJson(summary), 'user');
  const notes = [...built.notes, ...(await writeCards(built))];
  for (const one of notes) terminal.err(`${terminal.colors.err.yellow('note:')} ${one}`);
  if (flags.json === true) printJson(terminal, summary);
  else terminal.out(`written: ${page} (report.md and summary.json next to it)`);
}

/** In the folder of the one run or comparison; else in the working folder. */
const folderOf = ({ runs, comparison }: FoundRuns): string =>
  join(comparison ?? (runs.length === 1 ? (runs[0]?.folder ?? '') : ''), 'report');

function commandOf(given: readonly string[], { runs, out, config, evaluate }: ReportFlags): string {
  const options = [
    ...(runs === defaultRuns ? [] : ['--runs', quoted(runs)]),
    ...(out === undefined ? [] : ['--out', quoted(out)]),
    ...(config === undefined ? [] : ['--config', quoted(config)]),
    ...(evaluate ? [] : ['--no-evaluate']),
  ];
  return shellCommand(['report', ...given.map(quoted), ...options].join(' '));
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw mistake(`${folder}: the folder cannot be made: ${(error as Error).message}`, {
      hint: 'Give another folder with --out.',
      cause: error,
    });
  });
}
