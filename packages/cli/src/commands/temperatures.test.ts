import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createKit } from '@temper/core';
import { schedules } from '@temper/schedules';
import { expect, test } from 'vitest';
import { quick } from '../testing/quick.js';
import { folderWith, start } from '../testing/temper.js';
import { small } from '../testing/small-run.js';

const sequence = {
  type: 'sequence',
  of: [
    { type: 'linear', from: 20, to: 8 },
    { type: 'cosine', from: 8, to: 3 },
    { type: 'repeat', of: { type: 'exponential', from: 4, to: 1 }, times: 2 },
  ],
  lengths: [{ steps: 3 }, { fraction: 0.3 }],
} as const;
// 200 samples in batches of 24 are 9 updates an epoch, the last of a smaller batch; so short that each update is a record.
const perEpoch = 9;
const stages = [
  { name: 'first', epochs: 2, temperature: sequence },
  { name: 'second', steps: 13, temperature: { type: 'global', of: sequence } },
  { name: 'third', epochs: 4, temperature: sequence },
] as const;
const lengths = [2 * perEpoch, 13, 4 * perEpoch];
const total = 67;

/** What the schedule gives by itself. */
function expected(): number[] {
  const kit = createKit({ plugins: [schedules] });
  const schedule = kit.schedule(sequence);
  let before = 0;
  return stages.flatMap(({ temperature }, i) => {
    const length = lengths[i] as number;
    const start = before;
    before += length;
    const isGlobal = temperature.type === 'global';
    return Array.from({ length }, (_, step) =>
      schedule(isGlobal ? { step: start + step, total, stepsPerEpoch: perEpoch } : { step, total: length, stepsPerEpoch: perEpoch }),
    );
  });
}

interface StepRecord {
  readonly type: string;
  readonly stage: string;
  readonly step: number;
  readonly scalars: Readonly<Record<string, number>>;
}

/** What was recorded of the student's updates; a line that is being written does not count. */
async function recorded(folder: string): Promise<StepRecord[]> {
  const text = await readFile(join(folder, 'runs', 'a', 'metrics.jsonl'), 'utf8').catch(() => '');
  const records = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as StepRecord);
  return records.filter(({ type, stage }) => type === 'steps' && stage !== 'teacher');
}

const updatesIn = async (folder: string): Promise<number> => (await recorded(folder)).at(-1)?.step ?? 0;

test('each update has the temperature of its schedule over stages, kills and stops', async () => {
  const config = { ...small, batchSize: 24, epochs: undefined, stages, checkpoints: { every: { steps: 1 }, keep: 2 } };
  const folder = await folderWith({ 'c.json': config });
  // In the first part of a sequence, after a change of stage, and among the last updates.
  for (const [i, [signal, moment]] of (
    [
      ['SIGKILL', 2],
      ['SIGINT', 20],
      ['SIGKILL', 34],
    ] as const
  ).entries()) {
    const { child, ended } = start(['run', ...(i === 0 ? ['c.json', '--name', 'a'] : ['--resume', 'a'])], folder);
    while (child.exitCode === null && (await updatesIn(folder)) < moment) await wait(10);
    child.kill(signal);
    await ended;
    expect(await updatesIn(folder), 'stopped in its middle').toBeLessThan(total);
  }
  expect((await quick(['run', '--resume', 'a'], folder)).status).toBe(0);
  const own = await recorded(folder);
  expect(own.map(({ step }) => step)).toEqual(Array.from({ length: total }, (_, i) => i + 1));
  expect(own.map(({ scalars }) => scalars['temperature.value'])).toEqual(expected());
});
