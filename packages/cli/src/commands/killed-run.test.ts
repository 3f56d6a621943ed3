import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '@temper/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isLong } from '../../../../fixtures/long.js';
import { start } from '../testing/temper.js';

/** How often the run is killed at random moments, and what the moments follow from. */
const kills = Number(process.env['TEMPER_TEST_KILLS'] ?? (isLong ? 50 : 4));
const seed = Number(process.env['TEMPER_TEST_SEED'] ?? Date.now() % 100_000);

/** Teacher, changes of stage, averages, moments, a reacting temperature, learned weights; many checkpoints. */
const config = {
  seed: 5,
  batchSize: 16,
  data: { type: 'digits', train: 90, validation: 32, test: 32 },
  student: { model: { type: 'mlp', hidden: [8], dropout: 0.2 } },
  teacher: { model: { type: 'mlp', hidden: [16] }, train: { epochs: 6 } },
  stages: [
    { name: 'broad', epochs: 12, temperature: { type: 'linear', from: 20, to: 4 } },
    {
      name: 'react',
      epochs: 10,
      temperature: { type: 'plateau', from: 4, factor: 0.8, patience: 1, min: 1 },
      until: { metric: 'nll', below: 0.1, patience: 6 },
    },
    {
      name: 'focus',
      steps: 51,
      temperature: { type: 'cosine', from: 4, to: 1 },
      weighting: { type: 'uncertainty' },
      optimizer: { type: 'adamw', learningRate: 0.003 },
    },
  ],
  ema: 0.9,
  checkpoints: { every: { steps: 2 }, keep: 2 },
};

let folder: string;
let whole: Map<string, Buffer>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-killed-'));
  await writeFile(join(folder, 'c.json'), JSON.stringify(config));
  expect(await goOn('whole', () => undefined)).toBe(false);
  whole = await results('whole');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What must not depend on kills: files byte by byte, evaluations and what was chosen. */
async function results(name: string): Promise<Map<string, Buffer>> {
  const read = (file: string): Promise<Buffer> => readFile(join(folder, 'runs', name, file));
  const files = await Promise.all(
    ['student/weights.bin', 'student/model.json', 'teacher/weights.bin'].map(async (file) => [file, await read(file)] as const),
  );
  const { steps, chosen, test: onTest } = JSON.parse((await read('summary.json')).toString()) as Record<string, unknown>;
  const lines = (await read('metrics.jsonl')).toString().trimEnd().split('\n');
  const evaluations = lines.filter((line) => line.startsWith('{"type":"evaluation"'));
  return new Map([
    ...files,
    ['summary', Buffer.from(JSON.stringify({ steps, chosen, onTest }))],
    ['evaluations', Buffer.from(evaluations.join('\n'))],
  ]);
}

/** Begins the run, or goes on with it, while `stop` may kill it; says whether it was killed. */
async function goOn(name: string, stop: (child: ReturnType<typeof start>['child']) => void): Promise<boolean> {
  const how = existsSync(join(folder, 'runs', name)) ? '--resume' : '--name';
  const { child, ended } = start(['run', 'c.json', how, name, '--deterministic'], folder);
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

// Half of the moments each, side by side: nearly all of the time goes into starting processes. At each single file operation runs
// are killed in the tests of package node, where a process starts sooner.
const halves = [Math.ceil(kills / 2), Math.floor(kills / 2)].map((most, half) => [half + 1, most] as const);
test.concurrent.each(halves)(
  'run %i, killed at %i random moments and resumed, ends with the same bytes',
  { timeout: 60_000 + kills * 10_000 },
  async (half, most) => {
    const random = createRandom(seed).stream('kills', half);
    const moments: string[] = [];
    for (let run = 1; moments.length < most; run++) {
      const name = `killed-${half}-${run}`;
      const kill = async (child: ReturnType<typeof start>['child']): Promise<void> => {
        // A third while it starts, the others once it has come on by a checkpoint: in training, and while more are written.
        const [startsUp, moment] = [random.next() < 1 / 3, random.next()];
        const after = moment * (startsUp ? 1200 : 50);
        const before = checkpointsOf(name);
        while (!startsUp && child.exitCode === null && checkpointsOf(name) <= before) await wait(2);
        await wait(after);
        if (child.kill('SIGKILL')) moments.push(`${startsUp ? 'its start' : `checkpoint ${before + 1}`} + ${after.toFixed(1)} ms`);
      };
      while (await goOn(name, (child) => void (moments.length < most && kill(child))));
      const told = `seed ${seed}, killed at ${moments.join('; ')}`;
      for (const [file, bytes] of await results(name))
        expect(bytes.equals(whole.get(file) as Buffer), `${file} of ${name}, ${told}`).toBe(true);
    }
  },
);
