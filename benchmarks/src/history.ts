import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Earlier, Result } from './compare.js';
import type { Machine } from './machine.js';
import type { Sample } from './soak.js';
import { markdownTable, memoryTable } from './table.js';

/** A run of the benchmarks that was kept. */
export interface Run extends Earlier {
  readonly machine: Machine;
  /** Memory over time, where that was looked at instead of speed. */
  readonly soak?: readonly Sample[];
}

const figures = fileURLToPath(new URL('../results.json', import.meta.url));
const page = fileURLToPath(new URL('../RESULTS.md', import.meta.url));
const [begin, end] = ['<!-- figures: written by pnpm bench --record -->', '<!-- end of figures -->'];

/** Every run that was kept, the oldest first. */
export const readHistory = (): Run[] => (existsSync(figures) ? (JSON.parse(readFileSync(figures, 'utf8')) as Run[]) : []);

/** Adds a run to those that are kept, good or bad, and writes the page anew. */
export const keepResults = (results: readonly Result[], machine: Machine): void => keep({ results: results.map(rounded) }, machine);

/** The same for memory over time. */
export const keepSoak = (soak: readonly Sample[], machine: Machine): void => keep({ results: [], soak }, machine);

function keep(run: Pick<Run, 'results' | 'soak'>, machine: Machine): void {
  const history = [...readHistory(), { date: new Date().toISOString().slice(0, 10), machine, ...run }];
  writeFileSync(figures, `${JSON.stringify(history, null, 2)}\n`);
  const text = readFileSync(page, 'utf8');
  writeFileSync(page, `${text.slice(0, text.indexOf(begin) + begin.length)}\n\n${history.reverse().map(section).join('\n\n')}\n\n${text.slice(text.indexOf(end))}`);
}

function section({ date, machine, results, soak }: Run): string {
  const { processor, cores, memoryGiB, node, tfjs, tensorflow, torch, load } = machine;
  const versions = `Node ${node}, tfjs ${tfjs}, TensorFlow ${tensorflow}, PyTorch ${torch ?? 'none'}`;
  return `## ${date}\n\n${processor}, ${cores} cores, ${memoryGiB} GiB; ${versions}; ${cores} threads each; load before: ${load.toFixed(2)}.\n\n${soak === undefined ? markdownTable(results) : memoryTable(soak)}`;
}

/** As exact as a page needs, so that the file stays readable. */
const rounded = (result: Result): Result =>
  JSON.parse(JSON.stringify(result, (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value))) as Result;
