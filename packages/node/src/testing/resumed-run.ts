import { createKit, type DataSplits } from '@temper/core';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { schedules } from '@temper/schedules';
import { expect } from 'vitest';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { node } from '../plugin.js';

/** The weights of a student, one list for each variable. */
type Weights = readonly (readonly number[])[];

/**
 * Makes a run of three epochs twice: whole, and stopped between two checkpoints after update 9 and resumed.
 * @param given What the config says besides.
 */
export async function wholeAndResumed(
  given: object,
  data: () => DataSplits,
): Promise<{ readonly whole: Weights; readonly resumed: Weights }> {
  const kit = createKit({ plugins: [schedules, losses, models, node({ runs: await temporaryFolder() })] });
  const config = {
    epochs: 3,
    evaluateEvery: { steps: 3 },
    checkpoints: { every: { steps: 2 } },
    keep: 'last',
    deterministic: true,
    ...given,
  };
  const weights = async (name: string, resume: boolean): Promise<Weights> => {
    const result = await kit.run({ ...config, name } as never, { data: data(), resume });
    const values = result.student.parameters.map((one) => [...one.dataSync()]);
    result.student.dispose();
    result.teacher?.dispose();
    return values;
  };
  const whole = await weights('whole', false);
  const controller = new AbortController();
  const stopped = kit.run({ ...config, name: 'stopped' } as never, { data: data(), signal: controller.signal });
  await expect(
    (async () => {
      for await (const event of stopped) if (event.type === 'steps' && event.stage !== 'teacher' && event.step >= 9) controller.abort();
      const { student, teacher } = await stopped;
      student.dispose();
      teacher?.dispose();
    })(),
  ).rejects.toThrow('stopped');
  return { whole, resumed: await weights('stopped', true) };
}
