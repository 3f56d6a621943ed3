import '@tensorflow/tfjs-node';
import { createKit, Tokens, type Engine } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { schedules } from '@temper/schedules';
import { compiledEngine } from '@temper/tensorflow';
import { expect, test } from 'vitest';
import { blobs } from '../../../../fixtures/blobs.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { node } from '../plugin.js';

test('a run resumed under other conditions warns that its bits may differ', async () => {
  const root = await temporaryFolder();
  const warnings: string[] = [];
  const part = async (engine: Engine, stopAt: number, resume: boolean): Promise<void> => {
    const kit = createKit({ plugins: [schedules, losses, models, node({ runs: root })] });
    const { student, teacher } = await kit.run(
      {
        name: 'moved',
        teacher: { model: { type: 'mlp', hidden: [8] }, train: { epochs: 1 } },
        student: { model: { type: 'mlp', hidden: [4] } },
        epochs: 3,
        batchSize: 16,
      },
      {
        data: blobs(),
        resume,
        services: (container) => void container.rebind(Tokens.Engine).toConstantValue(engine),
        reporters: [
          {
            name: 'stop',
            report(event, run) {
              if (event.type === 'warning') warnings.push(event.message);
              if (event.type === 'epoch-end' && event.stage === 'student' && event.epoch === stopAt) run.stop('enough for now');
            },
          },
        ],
      },
    );
    student.dispose();
    teacher?.dispose();
  };
  const here = compiledEngine();
  const elsewhere: Engine = { name: here.name, conditions: 'TensorFlow 9.9.9, 64 threads, without own kernels', prepare: here.prepare };
  await expectNoLeakedTensors(() => expect(part(here, 1, false)).rejects.toThrow('enough for now'));
  await expectNoLeakedTensors(() => expect(part(here, 2, true)).rejects.toThrow('enough for now'));
  expect(warnings).toEqual([]);
  await expectNoLeakedTensors(() => part(elsewhere, Infinity, true));
  expect(warnings).toEqual([
    `the run was started with engine "compiled" (${here.conditions}) and continues with "compiled" (${elsewhere.conditions}): ` +
      `results are equal up to rounding, not to the bit`,
  ]);
});
