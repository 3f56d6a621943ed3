import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Case } from '../cases.js';
import { mnistFolder } from '../runs.js';

const command = fileURLToPath(new URL('../../../packages/cli/bin/temper.mjs', import.meta.url));

/**
 * The command gives a config its own packages. Ten updates an epoch, so that each of them is reported; the reporter tells of the first one
 * and waits to be ended.
 */
const config = `
import { definePlugin, defineReporter } from '@temper/core';
import { z } from 'zod';
const report = (event) => event.type === 'steps' && process.stderr.write('first update\\n');
const first = defineReporter({ type: 'first', options: z.strictObject({}), create: () => ({ name: 'first', report }) });
export default {
  plugins: [definePlugin({ name: 'first', provides: [first] })],
  data: { type: 'idx', folder: ${JSON.stringify(mnistFolder)}, limit: 640 },
  student: { model: { type: 'cnn', channels: [16, 32] } },
  weighting: { hard: 1 },
  optimizer: { type: 'adam', learningRate: 0.001 },
  batchSize: 64,
  epochs: 1,
  reporters: [{ type: 'first' }],
};
`;

/** A process of its own from its start to the line that tells of the first update; then it is ended. */
async function untilFirstUpdate(args: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line);
    if (line !== 'first update') continue;
    child.kill('SIGKILL');
    return performance.now() - start;
  }
  throw new Error(`the run ended without an update: ${lines.slice(-3).join(' ')}`);
}

/**
 * Reads MNIST's test images, builds the CNN and makes one update with Adam; the peer imports, reads, builds, compiles and does the same.
 */
export const startCases: readonly Case[] = [
  {
    name: 'from `temper run` to the first update, MNIST CNN',
    against: { peer: 'start' },
    goal: 1,
    async prepare() {
      const folder = await mkdtemp(join(tmpdir(), 'temper-bench-'));
      const file = join(folder, 'temper.config.mjs');
      await writeFile(file, config);
      const run = (): Promise<number> => untilFirstUpdate([command, 'run', file, '--runs', join(folder, 'runs')]);
      await run(); // Both sides are timed with their files in the system's memory.
      return { times: async () => [await run()], dispose: () => rm(folder, { recursive: true, force: true }) };
    },
  },
];
