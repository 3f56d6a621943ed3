import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { folderWith, temper } from '../testing/temper.js';

const log = fileURLToPath(new URL('../testing/log-modules.mjs', import.meta.url));
const table = ['x,kind', ...Array.from({ length: 60 }, (_, i) => `${i % 7},${i % 2 === 0 ? 'a' : 'b'}`)].join('\n');
const linear = '{"type":"linear","from":20,"to":1}';

/** Names of the packages that a command loads, with a config in its folder that brings a loss and a network of its own. */
async function packagesOf(args: readonly string[]): Promise<Set<string>> {
  const own = `
    import { defineDistillation } from '@temper/cli';
    import { defineLoss, definePlugin, tf } from '@temper/core';
    import { z } from 'zod';
    const create = () => Object.assign(({ student }) => tf.sum(student, -1), { needs: [] });
    const soft = defineLoss({ type: 'mine', options: z.strictObject({}), create });
    export default defineDistillation({
      plugins: [definePlugin({ name: 'mine', provides: [soft] })],
      data: { type: 'digits' },
      teacher: { model: { type: 'cnn' } },
      student: { model: { type: 'mlp' } },
      losses: { soft: { type: 'kl', temperature: 3 }, mine: { type: 'mine' } },
      weighting: { soft: 1, mine: 1 },
    });`;
  const folder = await folderWith({ 'temper.config.ts': own, 'd.csv': table });
  const file = join(folder, 'modules');
  const { status, stderr } = await temper(args, folder, { NODE_OPTIONS: `--import ${log}`, TEMPER_TEST_MODULES: file });
  expect({ status, stderr: stderr.replace(/^Shown as if.*\n/, '') }).toEqual({ status: 0, stderr: '' });
  const modules = (await readFile(file, 'utf8')).split('\n');
  return new Set(
    modules.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? /\/packages\/(\w+)\//.exec(url)?.[1] ?? []),
  );
}

const heavy = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', '@tensorflow/tfjs-node', 'inversify', 'echarts', 'execa'];
const commands: [string, string[], string[]][] = [
  ['--help', ['--help'], ['core', 'zod', 'jiti', 'simple-ascii-chart']],
  ['run --help', ['run', '--help'], ['core', 'zod', 'jiti', 'simple-ascii-chart']],
  ['list', ['list'], ['simple-ascii-chart']],
  ['schema', ['schema'], ['simple-ascii-chart']],
  ['preview', ['preview'], []],
  ['preview --json', ['preview', '--json'], ['simple-ascii-chart']],
  ['preview --schedule', ['preview', '--schedule', linear], ['jiti']],
];

test('`temper preview` of a table counts its lines without TensorFlow.js', async () => {
  const loaded = await packagesOf(['preview', '--set', 'data={"type":"csv","path":"d.csv","label":"kind"}', '--json']);
  expect(
    ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', '@tensorflow/tfjs-node', 'echarts', 'execa', 'simple-ascii-chart'].filter((name) =>
      loaded.has(name),
    ),
  ).toEqual([]);
  // Its lines were read.
  expect(loaded).toContain('papaparse');
});

test.each(commands)('`temper %s` loads no TensorFlow.js, container or chart that it does not use', async (_, args, more) => {
  const loaded = await packagesOf(args);
  expect([...heavy, ...more].filter((name) => loaded.has(name))).toEqual([]);
  expect(loaded).toContain('cli');
});
