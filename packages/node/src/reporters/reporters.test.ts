import '@tensorflow/tfjs-node';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createKit, type Reporter } from '@temper/core';
import { digits } from '@temper/data';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { schedules } from '@temper/schedules';
import { expect, test } from 'vitest';
import { failureOf } from '../testing/failure.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { eventLines } from './event-lines.js';
import { WritableFolders } from './place.js';
import { reporters } from './plugin.js';
import { tensorBoard } from './tensor-board.js';

test('the events of a run are readable line by line and in TensorBoard', async () => {
  const folder = join(await temporaryFolder(), 'board');
  const lines: string[] = [];
  const mlp = { type: 'mlp', hidden: [4] } as const;
  const kit = createKit({ plugins: [schedules, losses, models] });
  const config = { teacher: { model: mlp, train: { epochs: 1 } }, student: { model: mlp }, epochs: 1 } as const;
  const { student, teacher, warnings } = await kit.run(config, {
    data: digits({ train: 128, validation: 64, test: 64 }),
    reporters: [eventLines((line) => lines.push(line)), tensorBoard(folder)],
  });
  student.dispose();
  teacher?.dispose();
  expect(warnings).toEqual([]);
  const events = lines.map((line) => JSON.parse(line) as { type: string });
  expect(lines.every((line) => line.endsWith('\n'))).toBe(true);
  expect(events.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['run-start', 'stage-start', 'epoch-start', 'steps', 'evaluation', 'epoch-end', 'stage-end', 'run-end']),
  );
  const [file] = await readdir(folder);
  // The names of scalars stand in the file as they are.
  const written = await readFile(join(folder, file as string), 'latin1');
  for (const name of ['student/temperature.value', 'student/loss.soft', 'student/validation/accuracy', 'teacher/loss'])
    expect(written).toContain(name);
});

test('the curves of a stopped run are on disk', async () => {
  const folder = join(await temporaryFolder(), 'board');
  const kit = createKit({ plugins: [losses, models, reporters] });
  const stopper: Reporter = { name: 'stopper', report: ({ type }, { stop }) => void (type === 'steps' && stop('enough')) };
  const config = {
    student: { model: { type: 'mlp', hidden: [4] } },
    losses: { hard: { type: 'cross-entropy' } },
    weighting: { hard: 1 },
    temperature: 1,
    epochs: 9,
  } as const;
  const run = kit.run(
    { ...config, reporters: [{ type: 'tensorboard', folder }] },
    {
      data: digits({ train: 128, validation: 64, test: 64 }),
      reporters: [stopper],
      services: (container) => void container.rebind(WritableFolders).toConstantValue([dirname(folder)]),
    },
  );
  expect(await failureOf(run)).toMatchObject({ code: 'run/stopped' });
  const [file] = await readdir(folder);
  expect(await readFile(join(folder, file as string), 'latin1')).toContain('student/loss.hard');
});
