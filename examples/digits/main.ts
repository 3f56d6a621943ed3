import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { TemperError } from '@temper/core';
import { processTerminal } from '@temper/cli';
import { plotSvg, type Series } from '@temper/plots';
import { createDisplay, loadBackend } from '@temper/node';
import Table from 'cli-table3';
import { compare, type Comparison, type Row } from './compare.js';

const usage = 'Usage: npm start -- [--seeds N] [--runs FOLDER] [--quick]';

/** Compares a student alone with students under three temperatures; gives the exit status. */
export async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) {
    console.error(usage);
    return 2;
  }
  const terminal = processTerminal();
  const backend = await loadBackend();
  for (const { message, hint } of backend.warnings) terminal.err(`warning: ${message}\n  ${hint}`);
  const display = await createDisplay(terminal);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const runs = freeFolder(options.runs);
  try {
    const comparison = await compare({
      ...options,
      runs,
      reporters: [display],
      signal: stop.signal,
      heading: (text) => display.note(`\n${text}`),
    });
    display.close();
    const picture = join(runs, 'digits.svg');
    await writeFile(
      picture,
      plotSvg(seriesOf(comparison), { title: 'Validation accuracy and temperature of the students', xLabel: 'update' }),
    );
    await writeFile(join(runs, 'results.json'), `${JSON.stringify(comparison.rows, null, 2)}\n`);
    terminal.out(tableOf(comparison.rows));
    terminal.out(`\nTest data only judged: every student has the weights of its best epoch by validation accuracy.`);
    terminal.out(`Runs, picture and figures: ${relative(process.cwd(), runs)}/ (digits.svg, results.json)`);
    return 0;
  } catch (error) {
    display.close();
    if (!(error instanceof TemperError)) throw error;
    terminal.err(error.message);
    return stop.signal.aborted ? 130 : error.fault === 'user' ? 2 : 1;
  }
}

function readOptions(args: readonly string[]): { seeds: number; runs: string; quick: boolean } | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seeds: { type: 'string', default: '3' },
        runs: { type: 'string', default: 'runs' },
        quick: { type: 'boolean', default: false },
      },
    });
    const seeds = Number(values.seeds);
    return Number.isInteger(seeds) && seeds >= 1 ? { seeds, runs: values.runs, quick: values.quick } : undefined;
  } catch {
    return undefined;
  }
}

/** `runs/digits-1`, or the next that is free. */
function freeFolder(root: string): string {
  for (let i = 1; ; i++) {
    const folder = join(root, `digits-${i}`);
    if (!existsSync(folder)) return folder;
  }
}

function tableOf(rows: readonly Row[]): string {
  const table = new Table({
    head: ['', 'test accuracy', 'agreement', 'KL at T = 1', 'parameters', 'ms / 1000'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const { name, accuracy, agreement, kl, parameters, inferenceMs } of rows) {
    table.push([
      name,
      spread(accuracy, percent),
      spread(agreement, percent),
      spread(kl, (value) => value.toFixed(3)),
      parameters.toLocaleString('en'),
      inferenceMs.toFixed(1),
    ]);
  }
  return table.toString();
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

/** Mean ± standard deviation over the seeds. */
function spread(values: readonly number[], show: (value: number) => string): string {
  if (values.length === 0) return '–';
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return show(mean);
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  return `${show(mean)} ± ${show(deviation).replace(' %', '')}`;
}

const seriesOf = ({ curves }: Comparison): Series[] => [
  ...curves.map(({ name, accuracy }) => ({ name: `accuracy.${name}`, points: accuracy })),
  ...curves
    .filter(({ temperature }) => temperature.length > 0)
    .map(({ name, temperature }) => ({ name: `temperature.${name}`, points: temperature })),
];
