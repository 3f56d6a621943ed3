import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createRandom } from '@temper/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { start } from '../testing/temper.js';

/** How often the run is killed at random moments, and what the moments follow from. */
const kills = Number(process.env['TEMPER_TEST_KILLS'] ?? 50);
const seed = Number(process.env['TEMPER_TEST_SEED'] ?? Date.now() % 100_000);

const faults = fileURLToPath(new URL('../testing/file-faults.cjs', import.meta.url));
const small = { seed: 5, batchSize: 16, data: { type: 'digits', train: 90, validation: 32, test: 32 }, student: { model: { type: 'mlp', hidden: [8], dropout: 0.2 } } };
const configs = {
  /** Teacher, changes of stage, averages, moments, a reacting temperature, learned weights; many checkpoints. */
  random: {
    ...small,
    teacher: { model: { type: 'mlp', hidden: [16] }, train: { epochs: 6 } },
    stages: [
      { name: 'broad', epochs: 12, temperature: { type: 'linear', from: 20, to: 4 } },
      { name: 'react', epochs: 10, temperature: { type: 'plateau', from: 4, factor: 0.8, patience: 1, min: 1 }, until: { metric: 'nll', below: 0.1, patience: 6 } },
      { name: 'focus', steps: 51, temperature: { type: 'cosine', from: 4, to: 1 }, weighting: { type: 'uncertainty' }, optimizer: { type: 'adamw', learningRate: 0.003 } },
    ],
    ema: 0.9,
    checkpoints: { every: { steps: 2 }, keep: 2 },
  },
  /** So slow a student that every checkpoint is the best so far, which is one more file to write. */
  faults: { ...small, teacher: { from: 'runs/random/teacher' }, epochs: 60, optimizer: { type: 'sgd', learningRate: 1e-5 } },
};
type Config = keyof typeof configs;

let folder: string;
const whole = {} as Record<Config, Map<string, Buffer>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-killed-'));
  for (const [name, config] of Object.entries(configs)) {
    await writeFile(join(folder, `${name}.json`), JSON.stringify(config));
    const { status, stderr } = await start(['run', `${name}.json`, '--name', name, '--deterministic'], folder).ended;
    expect(status, stderr).toBe(0);
    whole[name as Config] = await results(name);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What must not depend on kills: files byte by byte, evaluations and what was chosen. */
async function results(name: string): Promise<Map<string, Buffer>> {
  const read = (file: string): Promise<Buffer> => readFile(join(folder, 'runs', name, file));
  const weights = ['student/weights.bin', 'student/model.json', 'teacher/weights.bin'].filter((file) => existsSync(join(folder, 'runs', name, file)));
  const files = await Promise.all(weights.map(async (file) => [file, await read(file)] as const));
  expect(files.length).toBeGreaterThan(1);
  const { steps, chosen, test: onTest } = JSON.parse((await read('summary.json')).toString()) as Record<string, unknown>;
  const lines = (await read('metrics.jsonl')).toString().trimEnd().split('\n');
  const evaluations = lines.filter((line) => line.startsWith('{"type":"evaluation"'));
  return new Map([...files, ['summary', Buffer.from(JSON.stringify({ steps, chosen, onTest }))], ['evaluations', Buffer.from(evaluations.join('\n'))]]);
}

async function expectAsWhole(config: Config, name: string, told: string): Promise<void> {
  for (const [file, bytes] of await results(name)) expect(bytes.equals(whole[config].get(file) as Buffer), `${file} of ${name}, ${told}`).toBe(true);
}

/** Begins the run, or goes on with it, while `stop` may kill it; says whether it was killed. */
async function goOn(config: Config, name: string, stop: (child: ReturnType<typeof start>['child']) => void, env: NodeJS.ProcessEnv = {}): Promise<boolean> {
  const how = existsSync(join(folder, 'runs', name)) ? '--resume' : '--name';
  const { child, ended } = start(['run', `${config}.json`, how, name, '--deterministic'], folder, env);
  stop(child);
  const { status, stderr } = await ended;
  expect(stderr).not.toMatch(/damaged|^\s+at /m);
  if (child.signalCode === 'SIGKILL') return true;
  expect(status, stderr).toBe(0);
  return false;
}

/** The highest number among a run's checkpoints. */
function checkpointsOf(name: string): number {
  const place = join(folder, 'runs', name, 'checkpoints');
  return existsSync(place) ? Math.max(0, ...readdirSync(place).map((file) => Number(/^checkpoint-(\d+)/.exec(file)?.[1] ?? 0))) : 0;
}

test.concurrent(`killed at ${kills} random moments and resumed each time, it ends with the same bytes`, { timeout: 60_000 + kills * 10_000 }, async () => {
  const random = createRandom(seed).stream('kills');
  const moments: string[] = [];
  for (let run = 1; moments.length < kills; run++) {
    const name = `killed-${run}`;
    const kill = async (child: ReturnType<typeof start>['child']): Promise<void> => {
      // A third while it starts, the others once it has come on by a checkpoint: in training, and while more are written.
      const [startsUp, moment] = [random.next() < 1 / 3, random.next()];
      const after = moment * (startsUp ? 1200 : 50);
      const before = checkpointsOf(name);
      while (!startsUp && child.exitCode === null && checkpointsOf(name) <= before) await wait(2);
      await wait(after);
      if (child.kill('SIGKILL')) moments.push(`${startsUp ? 'its start' : `checkpoint ${before + 1}`} + ${after.toFixed(1)} ms`);
    };
    while (await goOn('random', name, (child) => void (moments.length < kills && kill(child))));
    await expectAsWhole('random', name, `seed ${seed}, killed at ${moments.join('; ')}`);
  }
});

test.concurrent('killed at each file operation of writing a checkpoint and resumed each time, it ends with the same bytes', { timeout: 600_000 }, async () => {
  const told = join(folder, 'told');
  const hit: string[] = [];
  // To the removal of an old one, with which it ends: what is not removed is removed by the next, one operation more.
  while (!hit.some((one) => one.startsWith('rm'))) {
    const fault = { under: '/checkpoints', from: '^mkdir .*/\\.checkpoint', at: hit.length + 1, fault: 'kill', told };
    const env = { NODE_OPTIONS: `--require ${faults}`, TEMPER_TEST_FAULT: JSON.stringify(fault) };
    expect(await goOn('faults', 'killed', () => undefined, env), 'it goes on for long enough').toBe(true);
    hit.push((await readFile(told, 'utf8')).replace(/ .*\//, ' ').replaceAll(/-[\da-f-]{6,}/g, '-…'));
  }
  const each = ['mkdir .checkpoint-….tmp', 'open arrays.safetensors', 'writeFile arrays.safetensors', 'sync state.json', 'sync SHA256SUMS', 'rename .checkpoint-….tmp'];
  expect(hit).toEqual(expect.arrayContaining(each));
  expect(hit.some((one) => one.startsWith('rename best.json'))).toBe(true);
  await goOn('faults', 'killed', () => undefined);
  await expectAsWhole('faults', 'killed', `at ${hit.join(', ')}`);
});
