import Table from 'cli-table3';
import type { Against, Result } from './compare.js';
import type { Sample } from './soak.js';

const head = ['', 'ours, ms', 'against', 'ms', 'ratio', 'goal'];

/** For a terminal. */
export function table(results: readonly Result[]): string {
  const drawn = new Table({ head, colAligns: ['left', 'right', 'left', 'right', 'right', 'right'], style: { head: [], border: [] } });
  drawn.push(...results.map(cells));
  return drawn.toString();
}

/** For a page; `earlier` are the ratios of a line in other runs. */
export function markdownTable(results: readonly Result[], earlier: (name: string) => readonly number[]): string {
  const variants = (one: Result): string =>
    Object.entries(one.variants)
      .map(([variant, ms]) => `${variant.replace('PyTorch ', '')} ${show(ms)}`)
      .join('; ');
  const ratios = ({ name }: Result): string =>
    earlier(name)
      .map((ratio) => ratio.toFixed(2))
      .join(', ');
  const lines = results.map((one) => row([...cells(one), variants(one), ratios(one)]));
  return [
    row([...head, 'all variants, ms', 'ratios of earlier runs']),
    row(['---', '---:', '---', '---:', '---:', '---:', '---', '---']),
    ...lines,
  ].join('\n');
}

/** Memory over time, for a page. */
export function memoryTable(samples: readonly Sample[]): string {
  const lines = samples.map(({ part, done, residentMiB, heapMiB, tensors }) =>
    row([part, String(done), String(residentMiB), String(heapMiB), String(tensors)]),
  );
  return [row(['soak', 'done', 'resident, MiB', 'heap, MiB', 'live tensors']), row(['---', '---:', '---:', '---:', '---:']), ...lines].join(
    '\n',
  );
}

const row = (columns: readonly string[]): string => `| ${columns.join(' | ')} |`;

/** One line of the JSON that `--json` writes. */
export interface JsonLine {
  readonly name: string;
  readonly oursMs: number;
  /** null where the peer is not here and was never recorded, and so are its figures. */
  readonly peer: string | null;
  readonly peerMs: number | null;
  readonly ratio: number | null;
}

export const jsonLines = (results: readonly Result[]): JsonLine[] =>
  results.map(({ name, oursMs, against, recorded }) => ({
    name,
    oursMs,
    peer: against === undefined ? null : source(against, recorded),
    peerMs: against?.ms ?? null,
    ratio: against?.ratio ?? null,
  }));

function cells({ name, oursMs, against, goal, samples, recorded }: Result): string[] {
  const time = (ms: number): string =>
    `${show(ms)}${samples === undefined ? '' : ` (${Math.round((1000 * samples) / ms).toLocaleString('en')}/s)`}`;
  const compared =
    against === undefined ? ['no PyTorch', '–', '–'] : [source(against, recorded), time(against.ms), against.ratio.toFixed(2)];
  return [name, time(oursMs), ...compared, `≤ ${goal}`];
}

const source = ({ name }: Against, recorded: string | undefined): string =>
  recorded === undefined ? name : `${name} (recorded ${recorded})`;

const show = (ms: number): string => (ms < 0.1 ? ms.toPrecision(2) : ms < 1000 ? ms.toPrecision(3) : ms.toFixed(0));
