import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createKit, type DataSplits, type Reporter, type RunResult } from '@temper/core';
import { data } from '@temper/data';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { node } from '@temper/node';
import { schedules } from '@temper/schedules';

/** MNIST's ten thousand test images, beside the repository; 7,200 of them train. */
export const mnistFolder = fileURLToPath(new URL('../../../shared/data/mnist', import.meta.url));

type Kit = ReturnType<typeof makeKit>;
type RunConfig = Parameters<Kit['run']>[0];

/** Makes whole runs, whose networks and folders are gone afterwards. */
export interface Runner {
  run(config: RunConfig, reporters?: readonly Reporter[], data?: DataSplits): Promise<Pick<RunResult, 'loopOverhead' | 'steps'>>;
  dispose(): Promise<void>;
}

/** Run folders in a temporary place. */
export async function openRunner(): Promise<Runner> {
  const runs = await mkdtemp(join(tmpdir(), 'temper-bench-'));
  const kit = makeKit(runs);
  return {
    async run(config, reporters = [], splits) {
      const { student, teacher, loopOverhead, steps } = await kit.run(config, {
        reporters,
        ...(splits === undefined ? {} : { data: splits }),
      });
      student.dispose();
      teacher?.dispose();
      return { loopOverhead, steps };
    },
    dispose: () => rm(runs, { recursive: true, force: true }),
  };
}

const makeKit = (runs: string) => createKit({ plugins: [schedules, losses, models, data, node({ runs })] });

/** Told the seconds of each epoch of the student. */
export const epochSeconds = (seconds: number[]): Reporter => ({
  name: 'seconds of epochs',
  report: (event) => void (event.type === 'epoch-end' && event.stage === 'student' && seconds.push(event.seconds)),
});
