// A program for tests: begins a run over data files, or resumes it, also with another bound of memory. With a bound its samples stay
// on the disk; with an update it is killed after that update.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createKit } from '@temper/core';
import { data } from '@temper/data';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { schedules } from '@temper/schedules';
import { node } from '../plugin.js';

const [runs, name, files, memory, killedAfter] = JSON.parse(process.argv[2] as string) as [
  string,
  string,
  object,
  number | null,
  number | null,
];
const kit = createKit({ plugins: [schedules, losses, models, data, node({ runs })] });
const run = kit.run(
  {
    name,
    data: { ...files, ...(memory === null ? {} : { memory }) } as { type: 'csv'; path: string; label: string },
    teacher: { model: { type: 'mlp', hidden: [16] }, train: { epochs: 1 } },
    student: { model: { type: 'mlp', hidden: [8], dropout: 0.1 } },
    stages: [
      { name: 'broad', epochs: 2, temperature: { type: 'linear', from: 8, to: 2 } },
      { name: 'focus', epochs: 1, temperature: { type: 'plateau', from: 4, patience: 1 }, weighting: { soft: 0.5, hard: 0.5 } },
    ],
    batchSize: 64,
    accumulate: 2,
    evaluateEvery: { steps: 7 },
    checkpoints: { every: { steps: 5 } },
    deterministic: true,
  },
  { resume: existsSync(join(runs, name)) && { force: ['data.memory'] } },
);
for await (const event of run) {
  if (event.type === 'steps' && killedAfter !== null && event.step >= killedAfter) process.kill(process.pid, 'SIGKILL');
}
const { student, teacher } = await run;
[student, teacher].forEach((network) => network?.dispose());
