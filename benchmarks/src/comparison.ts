import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { DataSet } from '@temper/core';
import { digits } from '@temper/data';
import { loadBackend } from '@temper/node';

const help = `pnpm bench:comparison [--rounds 3] [--record]

Times the command \`temper compare\` over 5 variants × 5 seeds on the built-in digits with one teacher: with one worker, with two, and the
same runs in PyTorch (python3, or the Python that TEMPER_BENCH_PYTHON names), in turns. PyTorch makes its runs one after the other, with one
thread or with all, whichever is faster. --record keeps the figures in benchmarks/comparison.json.`;

const rates = { student: 5e-3, teacher: 2e-3 };
const seeds = [1, 2, 3, 4, 5];
const soft = 0.7;
const falling = (type: string): object => ({ type, from: 20, to: 1 });
const temperatures: Readonly<Record<string, unknown>> = {
  'T = 1': 1,
  'T = 4': 4,
  linear: falling('linear'),
  cosine: falling('cosine'),
};
const data = { type: 'digits', seed: 1, train: 5000, validation: 1000, test: 2000 };
const [epochs, teacherEpochs, batchSize] = [20, 6, 64];
const cosine = (from: number): object => ({ type: 'adam', learningRate: { type: 'cosine', from, to: 0 } });

const config = {
  data,
  teacher: { model: { type: 'cnn' }, train: { epochs: teacherEpochs, optimizer: cosine(rates.teacher) } },
  student: { model: { type: 'mlp', hidden: [32] } },
  weighting: { type: 'alpha', soft },
  optimizer: cosine(rates.student),
  metrics: [{ type: 'accuracy' }],
  batchSize,
  epochs,
};
const comparison = {
  seeds,
  variants: Object.fromEntries(Object.entries(temperatures).map(([name, temperature]) => [name, { temperature }])),
};

const temper = fileURLToPath(new URL('../../packages/cli/bin/temper.mjs', import.meta.url));
const peer = fileURLToPath(new URL('../peers/comparison_peer.py', import.meta.url));
const kept = fileURLToPath(new URL('../comparison.json', import.meta.url));
const python = process.env['TEMPER_BENCH_PYTHON'] ?? 'python3';

/** Returns the seconds of the whole command, with everything that a process needs to start. */
function timed(command: string, args: readonly string[], cwd: string): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr.slice(-500)}`);
  const seconds = (performance.now() - started) / 1000;
  console.error(`${[basename(args[0] ?? command), ...args.slice(-1)].join(' ')}: ${seconds.toFixed(1)} s`);
  return seconds;
}

function withWorkers(folder: string, workers: number): number {
  rmSync(join(folder, 'runs'), { recursive: true, force: true });
  return timed(process.execPath, [temper, 'compare', '--json', '--workers', String(workers)], folder);
}

/** Writes the samples for PyTorch, which does not draw them. */
async function writePart(folder: string, name: string, set: DataSet): Promise<void> {
  const { inputs, labels } = await set.batch(Int32Array.from({ length: set.size }, (_, i) => i));
  writeFileSync(join(folder, `${name}.inputs`), new Uint8Array((await inputs.data<'float32'>()).buffer));
  writeFileSync(join(folder, `${name}.labels`), new Uint8Array(Int32Array.from(await labels.data()).buffer));
  inputs.dispose();
  labels.dispose();
}

async function prepare(folder: string): Promise<void> {
  writeFileSync(join(folder, 'temper.config.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'temper.compare.json'), JSON.stringify(comparison));
  await loadBackend('native');
  const { train, validation, test } = digits({ seed: data.seed, train: data.train, validation: data.validation, test: data.test })();
  await writePart(folder, 'train', train);
  await writePart(folder, 'validation', validation);
  await writePart(folder, 'test', test);
  const variants = Object.fromEntries(Object.entries(temperatures).map(([name, temperature]) => [name, { temperature, soft }]));
  const plan = {
    seeds,
    batchSize,
    epochs,
    teacherEpochs,
    teacherDense: 128,
    rate: rates.student,
    teacherRate: rates.teacher,
    variants: { 'student alone': { temperature: 1, soft: 0 }, ...variants },
  };
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

async function main(rounds: number, record: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'temper-comparison-'));
  const load = loadavg()[0] ?? 0;
  try {
    await prepare(folder);
    const times = { one: [] as number[], two: [] as number[], torchOneThread: [] as number[], torchAllThreads: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      times.one.push(withWorkers(folder, 1));
      times.two.push(withWorkers(folder, 2));
      times.torchOneThread.push(timed(python, [peer, folder, '1'], folder));
      times.torchAllThreads.push(timed(python, [peer, folder, String(availableParallelism())], folder));
      console.error(JSON.stringify(Object.fromEntries(Object.entries(times).map(([name, all]) => [name, all.at(-1)?.toFixed(1)]))));
    }
    const [one, two] = [median(times.one), median(times.two)];
    const torch = Math.min(median(times.torchOneThread), median(times.torchAllThreads));
    const result = {
      date: new Date().toISOString().slice(0, 10),
      machine: { processor: cpus()[0]?.model ?? '?', cores: availableParallelism(), load: Number(load.toFixed(2)) },
      seconds: Object.fromEntries(Object.entries(times).map(([name, all]) => [name, all.map((value) => Number(value.toFixed(2)))])),
      twoWorkersAreFasterBy: Number((one / two).toFixed(3)),
      temperOverTorch: Number((two / torch).toFixed(3)),
    };
    console.log(JSON.stringify(result, null, 2));
    if (!record) return;
    const before = existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as object[]) : [];
    writeFileSync(kept, `${JSON.stringify([...before, result], null, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, record: { type: 'boolean', default: false }, help: { type: 'boolean' } },
});
if (values.help === true) console.log(help);
else await main(Number(values.rounds), values.record);
