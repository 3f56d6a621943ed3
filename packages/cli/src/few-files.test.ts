import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { small } from './testing/small-run.js';
import { folderWith } from './testing/temper.js';

const bin = fileURLToPath(new URL('../bin/temper.mjs', import.meta.url));

describe.runIf(process.platform === 'linux')('a shell that allows 64 open files', () => {
  test.each([['--help'], ['list'], ['schema'], ['preview c.json'], ['run c.json --name few'], ['doctor']])(
    'temper %s works with 64 open files',
    async (args) => {
      const cwd = await folderWith({ 'c.json': small });
      const { status, stderr } = spawnSync('sh', ['-c', `ulimit -n 64; exec "${process.execPath}" "${bin}" ${args}`], {
        cwd,
        encoding: 'utf8',
      });
      expect(status, stderr).toBe(0);
      expect(stderr).not.toContain('EMFILE');
    },
  );
});
