import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Against, Earlier, Result } from './compare.js';
import type { Machine } from './machine.js';
import type { Sample } from './soak.js';
import { markdownTable, memoryTable } from './table.js';

/** A run of the benchmarks that was kept. */
export interface Run extends Earlier {
  readonly machine: Machine;
  /** Older runs kept what PyTorch does with its fused optimizers apart. */
  readonly results: readonly (Result & { readonly fused?: Against })[];
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
  writePage(history);
}

/** Writes the figures of the page; what people wrote around them stays. */
export function writePage(history: readonly Run[]): void {
  const text = readFileSync(page, 'utf8');
  writeFileSync(page, `${text.slice(0, text.indexOf(begin) + begin.length)}\n\n${pageOf(history)}\n\n${text.slice(text.indexOf(end))}`);
}

/** Runs before levels were recorded were made with AVX-512. */
export const levelOfRun = ({ machine }: Pick<Run, 'machine'>): string => machine.instructions?.level ?? 'avx512';

/** The newest whole run of each level, then the newest look at memory, then a line for every run. */
export function pageOf(history: readonly Run[]): string {
  const newestFirst = [...history].reverse();
  const levels = [...new Set(newestFirst.filter(({ results }) => results.length > 0).map(levelOfRun))].sort().reverse();
  const sections = levels.map((level) => speed(newestFirst.filter((run) => levelOfRun(run) === level && run.results.length > 0)));
  const soaked = newestFirst.find(({ soak }) => soak !== undefined);
  const memory = soaked?.soak === undefined ? [] : [`## Memory, ${soaked.date}\n\n${about(soaked)}\n\n${memoryTable(soaked.soak)}`];
  return [...sections, ...memory, `## Every recorded run\n\nAll figures are in results.json.\n\n${newestFirst.map(line).join('\n')}`].join(
    '\n\n',
  );
}

/** A run of part of the cases is history, and no table of its own. */
function speed(runs: readonly Run[]): string {
  const most = Math.max(...runs.map(({ results }) => results.length));
  const newest = runs.find(({ results }) => results.length >= most / 2) as Run;
  const others = runs.filter((run) => run !== newest).flatMap(({ results }) => results);
  const earlier = (name: string): number[] =>
    others.filter((result) => result.name === name).flatMap(({ against, fused }) => (fused ?? against)?.ratio ?? []);
  return `## ${title(newest)}, ${newest.date}\n\n${about(newest)}\n\n${markdownTable(newest.results, earlier)}`;
}

const names: Readonly<Record<string, string>> = { avx512: 'AVX-512', avx2: 'AVX2' };

const title = (run: Run): string => {
  const level = levelOfRun(run);
  const limited = run.machine.instructions?.limited === true ? ' (both sides limited to it, on a processor that has more)' : '';
  return `${names[level] ?? level}${limited}`;
};

function about({ machine }: Run): string {
  const { processor, cores, memoryGiB, node, tfjs, tensorflow, torch, load, instructions, ours, peer } = machine;
  const versions = `Node ${node}, tfjs ${tfjs}, TensorFlow ${tensorflow}, PyTorch ${torch ?? 'none'}`;
  const used =
    instructions === undefined
      ? ''
      : `\n\nThe processor has ${instructions.processor.join(' ')}. Ours: ${ours ?? '?'}. PyTorch: ${peer ?? 'none'}.`;
  return `${processor}, ${cores} cores, ${memoryGiB} GiB; ${versions}; ${cores} threads each; load before: ${load.toFixed(2)}.${used}`;
}

function line(run: Run): string {
  const { date, machine, results, soak } = run;
  const reached = results.filter(({ against, goal }) => against !== undefined && against.ratio <= goal).length;
  const what =
    soak === undefined
      ? `${names[levelOfRun(run)] ?? levelOfRun(run)}: ${results.length} ${results.length === 1 ? 'line' : 'lines'}, ` +
        `${reached} within the goals of that day`
      : 'memory';
  return `- ${date}, ${machine.processor}, load ${machine.load.toFixed(2)}: ${what}`;
}

/** As exact as a page needs, so that the file stays readable. */
const rounded = (result: Result): Result =>
  JSON.parse(JSON.stringify(result, (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value))) as Result;
