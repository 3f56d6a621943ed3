import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { findPip } from './pip.js';
import { toolEnvironment } from './tool-environment.js';

test('relative entries of PATH are removed, in any spelling of its name', () => {
  expect(toolEnvironment({ PATH: '/usr/bin::.:bin:../x:/bin', HOME: '/h' })).toMatchObject({ PATH: '/usr/bin:/bin', HOME: '/h' });
  expect(toolEnvironment({ Path: '' })['Path']).toBe('');
});

test.runIf(process.platform !== 'win32')('programs in the working folder are not started', async () => {
  const folder = await temporaryFolder();
  const proof = join(folder, 'proof');
  await writeFile(join(folder, 'pip.py'), `open(${JSON.stringify(proof)}, 'w').write('pip.py')\n`);
  await mkdir(join(folder, 'bin'));
  for (const name of ['python3', 'python', 'bin/python3', 'g++']) {
    await writeFile(join(folder, name), `#!/bin/sh\necho ${name} > ${proof}\n`);
    await chmod(join(folder, name), 0o755);
  }
  const before = process.cwd();
  process.chdir(folder);
  try {
    await findPip({ ...process.env, PATH: `.::bin:${process.env['PATH']}`, PYTHONPATH: folder }).catch(() => undefined);
  } finally {
    process.chdir(before);
  }
  await expect(readFile(proof, 'utf8')).rejects.toMatchObject({ code: 'ENOENT' });
  // The trap works: Python that is not isolated falls into it.
  await execa('python3', ['-m', 'pip', '--version'], { cwd: folder, reject: false });
  expect(await readFile(proof, 'utf8')).toBe('pip.py');
});
