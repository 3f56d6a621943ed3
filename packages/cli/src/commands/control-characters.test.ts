import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { quick } from '../testing/quick.js';
import { small } from '../testing/small-run.js';
import { folderWith } from '../testing/temper.js';

test('escape sequences in names of classes and columns are not printed', async () => {
  const folder = await folderWith({ 'c.json': small });
  const odd = '\u001b[31m\u009b2J\u202e';
  const rows = Array.from({ length: 90 }, (_, i) => `${i % 3},${i % 2},${['one', `two${odd}`, 'three'][i % 3]}`).join('\n');
  await writeFile(join(folder, 'odd.csv'), `a,b${odd},kind\n${rows}\n`);
  const data = JSON.stringify({ type: 'csv', path: 'odd.csv', label: 'kind' });
  for (const args of [
    [
      'run',
      'c.json',
      '--name',
      'odd',
      '--set',
      `data=${data}`,
      '--set',
      'epochs=1',
      '--set',
      'batchSize=16',
      '--set',
      'teacher.train.batchSize=16',
    ],
    ['predict', 'odd', '--input', 'odd.csv'],
    ['predict', 'odd', '--input', 'odd.csv', '--json'],
    ['evaluate', 'odd'],
  ]) {
    const { status, stdout, stderr } = await quick(args, folder);
    expect(status, stderr).toBe(0);
    for (const control of odd.match(/[^\x20-\x7e]/g) ?? []) expect(stdout + stderr).not.toContain(control);
  }
});
