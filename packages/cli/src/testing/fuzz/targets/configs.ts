import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createKit, type Kit, runCurves } from '@temper/core';
import { node } from '@temper/node';
import { loadConfig } from '../../../config/load.js';
import { withStandard } from '../../../standard.js';
import { changedBytes } from '../change-bytes.js';
import { changedValue } from '../change-value.js';
import { oneOf } from '../odd-values.js';
import { scratch } from '../scratch.js';
import type { Target } from '../target.js';
import { validRuns } from '../valid-runs.js';

const texts = validRuns.map((run) => Buffer.from(JSON.stringify(run)));

/** Configs as values and as texts of files: parsed, and planned as a preview does, for which every strategy is built. */
export const configs: Target = {
  name: 'configs',
  what: 'configs',
  async start() {
    const { folder, close } = await scratch();
    const kit = createKit({ plugins: withStandard([], [node()]) });
    const file = join(folder, 'temper.config.json');
    return {
      close,
      async attempt(random) {
        if (random.integer(3) > 0) {
          const config = changedValue(oneOf(validRuns, random), random, { donors: validRuns });
          return { given: config, run: () => plan(kit, config) };
        }
        const text = changedBytes(oneOf(texts, random), random, texts);
        await writeFile(file, text);
        return { given: text, run: async () => plan(kit, (await loadConfig(file)).config) };
      },
    };
  },
};

function plan(kit: Kit, config: unknown): void {
  const run = kit.parse(config);
  runCurves(kit, run, 500, true);
  if (run.data !== undefined) kit.build('data', run.data, ['data']);
  if (run.student?.model !== undefined) kit.build('model', run.student.model, ['student', 'model']);
}
