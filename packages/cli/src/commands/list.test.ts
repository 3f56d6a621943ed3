import { expect, test } from 'vitest';
import { quick } from '../testing/quick.js';
import { folderWith } from '../testing/temper.js';

test('list prints every kind with names and options, optional ones in brackets', async () => {
  const { status, stdout, stderr } = await quick(['list'], await folderWith());
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const kind of ['data', 'loss', 'model', 'optimizer', 'schedule', 'weighting']) expect(stdout).toMatch(new RegExp(`^${kind}$`, 'm'));
  expect(stdout).toMatch(/^ {2}linear +from to$/m);
  expect(stdout).toMatch(/^ {2}kl +.*\[scale\]/m);
  expect(stdout).toMatch(/^reporter\n {2}console-json\n {2}jsonl +\[file\]\n {2}tensorboard +\[folder\]\n {2}terminal$/m);
});

test('list --json prints every kind as JSON', async () => {
  const { stdout } = await quick(['list', '--json'], await folderWith());
  expect(JSON.parse(stdout)).toContainEqual({
    kind: 'schedule',
    type: 'linear',
    options: [
      { name: 'from', required: true },
      { name: 'to', required: true },
    ],
  });
});

test.each(['list', 'schema'])('%s uses the config of the working folder by default', async (command) => {
  const own = `
    import { defineSchedule } from '@temper/core';
    import { z } from 'zod';
    const options = z.strictObject({ from: z.number() });
    export default { plugins: [defineSchedule({ type: 'halving', options, create: ({ from }) => () => from })] };`;
  const folder = await folderWith({ 'temper.config.ts': own });
  expect((await quick([command], folder)).stdout).toContain('halving');
  expect((await quick([command], await folderWith())).stdout).not.toContain('halving');
});
