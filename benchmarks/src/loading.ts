import { execFileSync, spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createKit, createRandom } from '@temper/core';
import { data } from '@temper/data';
import { node } from '@temper/node';
import Table from 'cli-table3';

const help = `pnpm bench:loading [--rows 500000] [--columns 30] [--rounds 5]

Times how a table (CSV) is read, each time in a process of its own and in turns: by Temper (read, cut into parts, standardised,
in tensors' precision), by papaparse alone (cells as text, nothing kept) and by pandas (numbers and labels), where python3, or the
Python that TEMPER_BENCH_PYTHON names, has it.`;

/** What a process that has read the table reports. */
interface Report {
  readonly seconds: number;
  /** Bytes at most in use, less those before the table was read. */
  readonly memory: number;
}

const readers = ['temper', 'papaparse', 'pandas'] as const;
type Reader = (typeof readers)[number];

const peakBytes = (): number => process.resourceUsage().maxRSS * 1024;

async function timed(read: () => Promise<unknown>): Promise<Report> {
  const before = peakBytes();
  const start = performance.now();
  await read();
  return { seconds: (performance.now() - start) / 1000, memory: peakBytes() - before };
}

async function withPapaparse(path: string): Promise<() => Promise<unknown>> {
  const { default: Papa } = await import('papaparse');
  return () =>
    new Promise((resolve, reject) => {
      let cells = 0;
      const step = ({ data: row }: { data: string[] }): void => void (cells += row.length);
      Papa.parse<string[]>(createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 }), {
        delimiter: ',',
        step,
        complete: () => resolve(cells),
        error: reject,
      });
    });
}

const python = process.env['TEMPER_BENCH_PYTHON'] ?? 'python3';
const pandasPeer = fileURLToPath(new URL('../peers/pandas_peer.py', import.meta.url));

/** Reads the table once in a process of its own; undefined where the reader is not there. */
function inProcess(reader: Reader, path: string): Report | undefined {
  if (reader !== 'pandas')
    return JSON.parse(
      execFileSync(process.execPath, [fileURLToPath(import.meta.url), '--read', reader, path], { encoding: 'utf8' }),
    ) as Report;
  const { status, stdout } = spawnSync(python, [pandasPeer, path], { encoding: 'utf8' });
  return status === 0 ? (JSON.parse(stdout) as Report) : undefined;
}

/** Writes a table of numbers with five decimals, and one of ten classes in its last column. */
async function writeTable(path: string, rows: number, columns: number): Promise<void> {
  const random = createRandom(1).stream('table');
  const file = await open(path, 'w');
  const names = Array.from({ length: columns - 1 }, (_, i) => `f${i}`);
  await file.write(`${[...names, 'label'].join()}\n`);
  for (let row = 0; row < rows; ) {
    const lines: string[] = [];
    for (; row < rows && lines.length < 20_000; row++) {
      lines.push(`${names.map(() => (random.next() * 200 - 100).toFixed(5)).join()},class${random.integer(10)}`);
    }
    await file.write(`${lines.join('\n')}\n`);
  }
  await file.close();
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

async function compare(rows: number, columns: number, rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'temper-loading-'));
  try {
    const path = join(folder, 'table.csv');
    await writeTable(path, rows, columns);
    const { size } = await stat(path);
    const reports = new Map<Reader, Report[]>();
    for (let round = 0; round < rounds; round++) {
      for (const reader of readers) {
        const report = inProcess(reader, path);
        if (report !== undefined) reports.set(reader, [...(reports.get(reader) ?? []), report]);
      }
    }
    const ours = median((reports.get('temper') ?? []).map(({ seconds }) => seconds));
    const table = new Table({ head: ['reader', 'seconds', 'MB/s', 'time / Temper', 'memory (MB)'] });
    for (const [reader, all] of reports) {
      const seconds = median(all.map((report) => report.seconds));
      const memory = median(all.map((report) => report.memory));
      table.push([reader, seconds.toFixed(2), (size / 1e6 / seconds).toFixed(0), (seconds / ours).toFixed(2), (memory / 1e6).toFixed(0)]);
    }
    console.log(
      `${rows} lines × ${columns} columns, ${(size / 1e6).toFixed(0)} MB; the numbers take ` +
        `${((4 * rows * (columns - 1)) / 1e6).toFixed(0)} MB in float32`,
    );
    console.log(table.toString());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: 'string', default: '500000' },
    columns: { type: 'string', default: '30' },
    rounds: { type: 'string', default: '5' },
    read: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const [path = ''] = positionals;
if (values.help === true) console.log(help);
else if (values.read === 'temper') {
  const load = createKit({ plugins: [data, node()] }).data({ type: 'csv', path, label: 'label' });
  console.log(JSON.stringify(await timed(async () => load())));
} else if (values.read === 'papaparse') console.log(JSON.stringify(await timed(await withPapaparse(path))));
else await compare(Number(values.rows), Number(values.columns), Number(values.rounds));
