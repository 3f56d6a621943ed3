import { expect, test } from 'vitest';
import { folderWith, temper } from '../testing/temper.js';

test('doctor reports every check of a healthy machine with status 0', async () => {
  const { status, stdout, stderr } = await temper(['doctor'], await folderWith());
  expect(status, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/^ok +Node +Node \d+/m);
  expect(stdout).toMatch(/^ok +matrix product +\[1 2; 3 4\] · \[5 6; 7 8\] = \[19 22; 43 50\]$/m);
  expect(stdout).toMatch(/^ok +processor +\S/m);
  expect(stdout).toMatch(/^ok +oneDNN +on(, \w+ code)?: /m);
  expect(stdout).toContain('Runs use the native TensorFlow backend');
});

test('doctor --json prints one document', async () => {
  const { status, stdout } = await temper(['doctor', '--json'], await folderWith());
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ healthy: true, backend: { name: 'tensorflow', native: true } });
});
