import '@tensorflow/tfjs-node';
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { failureOf } from '../testing/failure.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { networkLoader } from '../networks/network-loader.js';
import { nodeFiles } from './node-files.js';
import { readRegular } from './read-regular.js';

test('a file is read completely', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a'), 'content');
  expect((await readRegular(join(folder, 'a'))).toString()).toBe('content');
  await mkdir(join(folder, 'b'));
  expect(await failureOf(readRegular(join(folder, 'b')))).toMatchObject({ code: 'EISDIR' });
});

test.runIf(process.platform !== 'win32')('a pipe or a device is refused at once', async () => {
  const folder = await temporaryFolder();
  const pipe = join(folder, 'pipe.csv');
  execFileSync('mkfifo', [pipe]);
  const refused = {
    code: 'environment/files',
    fault: 'user',
    message: expect.stringMatching(/cannot read .*: it is a (pipe \(FIFO\)|device), not a file/),
  };
  for (const path of [pipe, '/dev/zero']) {
    expect(await failureOf(nodeFiles.read(path))).toMatchObject(refused);
    expect(await failureOf(networkLoader().load(path))).toMatchObject(refused);
  }
});
