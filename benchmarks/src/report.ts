import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import type { Result } from './compare.js';
import type { Machine } from './machine.js';

const figures = fileURLToPath(new URL('../results.json', import.meta.url));
const page = fileURLToPath(new URL('../RESULTS.md', import.meta.url));
const [begin, end] = ['<!-- figures: written by pnpm bench --record -->', '<!-- end of figures -->'];

/** Results that were kept, with the peer's figures. */
export function readRecorded(): Result[] {
  try {
    return (JSON.parse(readFileSync(figures, 'utf8')) as { results: Result[] }).results;
  } catch {
    return [];
  }
}

/** Keeps results, for machines without the peer and for the page. */
export function record(results: readonly Result[], machine: Machine): void {
  writeFileSync(figures, `${JSON.stringify({ machine, results: results.map(rounded) }, null, 2)}\n`);
  const text = readFileSync(page, 'utf8');
  const [before, after] = [text.slice(0, text.indexOf(begin) + begin.length), text.slice(text.indexOf(end))];
  writeFileSync(page, `${before}\n\n${markdown(results, machine)}\n\n${after}`);
}

/** For a terminal. */
export function table(results: readonly Result[]): string {
  const drawn = new Table({ head: ['', 'ours, ms', 'against', 'ms', 'ratio', 'goal'], colAligns: ['left', 'right', 'left', 'right', 'right', 'right'], style: { head: [], border: [] } });
  drawn.push(...results.map(cells));
  return drawn.toString();
}

function markdown(results: readonly Result[], machine: Machine): string {
  const { processor, cores, memoryGiB, node, tfjs, tensorflow, torch, load } = machine;
  const row = (columns: readonly string[]): string => `| ${columns.join(' | ')} |`;
  return [
    `${processor}, ${cores} cores, ${memoryGiB} GiB; Node ${node}, tfjs ${tfjs}, TensorFlow ${tensorflow}, PyTorch ${torch ?? 'none'}, ${cores} threads each; load before: ${load.toFixed(2)}.`,
    '',
    row(['', 'ours, ms', 'against', 'ms', 'ratio', 'goal', 'all variants, ms']),
    row(['---', '---:', '---', '---:', '---:', '---:', '---']),
    ...results.map((one) => row([...cells(one), Object.entries(one.all).map(([variant, ms]) => `${variant} ${show(ms)}`).join(', ')])),
  ].join('\n');
}

const cells = ({ name, oursMs, peer, peerMs, ratio, goal }: Result): string[] => [name, show(oursMs), peer, show(peerMs), ratio.toFixed(2), `≤ ${goal}`];

const show = (ms: number): string => (Number.isNaN(ms) ? '–' : ms < 0.1 ? ms.toPrecision(2) : ms.toPrecision(3));

const rounded = (one: Result): Result => ({ ...one, oursMs: Number(one.oursMs.toPrecision(4)), peerMs: Number(one.peerMs.toPrecision(4)), ratio: Number(one.ratio.toPrecision(3)) });
