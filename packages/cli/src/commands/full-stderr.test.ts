import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { small } from '../testing/small-run.js';
import { folderWith } from '../testing/temper.js';

const bin = fileURLToPath(new URL('../../bin/temper.mjs', import.meta.url));

test.runIf(existsSync('/dev/full'))('a run whose progress cannot be written ends normally and keeps its student', async () => {
  const folder = await folderWith({ 'c.json': small });
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [bin, 'run', 'c.json', '--name', 'silent'], { cwd: folder, stdio: ['ignore', 'ignore', full] });
  closeSync(full);
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect(status).toBe(0);
  expect(JSON.parse(await readFile(join(folder, 'runs', 'silent', 'summary.json'), 'utf8'))).toMatchObject({ name: 'silent' });
});
