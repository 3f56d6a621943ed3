import '@tensorflow/tfjs-node';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createKit } from '@temper/core';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { describe, expect, test } from 'vitest';
import { node } from '../plugin.js';
import { blobs } from '../../../../fixtures/blobs.js';
import { failureOf } from '../testing/failure.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { readRunConfig } from './run-folder.js';
import { runStore } from './run-store.js';

test('a failed run is released, and a refused one stays unchanged', async () => {
  const runs = await temporaryFolder();
  const kit = createKit({ plugins: [losses, models, node({ runs, engine: 'eager' })] });
  const config = {
    name: 'a',
    student: { model: { type: 'mlp', hidden: [2] } },
    losses: { hard: { type: 'cross-entropy' } },
    weighting: { hard: 1 },
    temperature: 1,
    epochs: 1,
  } as const;
  const stop = {
    name: 'stop',
    report: (event: { type: string }, run: { stop(reason: string): void }) => void (event.type === 'epoch-start' && run.stop('enough')),
  };
  expect(await failureOf(kit.run(config, { data: blobs(), reporters: [stop] }))).toMatchObject({ code: 'run/stopped' });
  expect(await readdir(join(runs, 'a'))).not.toContainEqual(expect.stringMatching(/^lock/));
  (await kit.run(config, { data: blobs(), resume: true })).student.dispose();
  const files = await readdir(join(runs, 'a'));
  expect(await failureOf(kit.run(config, { data: blobs(), resume: true }))).toMatchObject({ code: 'run/exists' });
  expect(await failureOf(kit.run(config, { data: blobs() }))).toMatchObject({ code: 'run/exists' });
  expect(await readdir(join(runs, 'a'))).toEqual(files);
});

describe('runs that cannot be resumed', () => {
  test('resuming an unknown run names the nearest run', async () => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'digits-1'));
    const expected = { code: 'run/no-checkpoint', fault: 'user' };
    expect(await failureOf(runStore({ root, name: 'digit-1' }).reopen())).toMatchObject({
      ...expected,
      message: expect.stringContaining('there is no run'),
      hint: 'Did you mean "digits-1"?',
    });
    expect(await failureOf(runStore({ root: join(root, 'none'), name: 'x' }).reopen())).toMatchObject(expected);
    expect(await failureOf(runStore({ root }).reopen())).toMatchObject({ ...expected, hint: expect.stringContaining('digits-1') });
    expect(await failureOf(runStore({ root, name: '../x' }).reopen())).toMatchObject({ code: 'config/invalid' });
  });

  test.each([undefined, '', '{"seed":'])('resuming a folder whose config.json is %j is refused', async (text) => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'a'));
    if (text !== undefined) await writeFile(join(root, 'a', 'config.json'), text);
    const unreadable = 'neither config.json nor its copy in run.json can be read';
    expect(await failureOf(readRunConfig(root, 'a'))).toMatchObject({
      code: 'run/no-checkpoint',
      message: expect.stringContaining(unreadable),
    });
    const store = runStore({ root, name: 'a' });
    const reopened = await store.reopen();
    expect(reopened).not.toHaveProperty('config');
    expect(reopened.warnings?.join()).toContain(unreadable);
    await store.release();
  });
});
