import { expect, test } from 'vitest';
import { quick } from '../testing/quick.js';
import { small } from '../testing/small-run.js';
import { folderWith } from '../testing/temper.js';

const rows = (count: number, step: number): string =>
  ['p,q,kind', ...Array.from({ length: count }, (_, i) => `${(i * step) % 11},${i % 7},${(i * step) % 11 > 5 ? 'a' : 'b'}`)].join('\n');

test("evaluate reads the test part of the run's own files and all lines of other files", async () => {
  const data = { type: 'csv', path: 'x.csv', testPath: 'test.csv', label: 'kind' };
  const config = { ...small, epochs: 1, batchSize: 16, data };
  const files = { 'c.json': config, 'x.csv': rows(60, 3), 'test.csv': rows(25, 5), 'new.csv': rows(33, 7) };
  const folder = await folderWith(files);
  const { status, stderr } = await quick(['run', 'c.json', '--name', 'a'], folder);
  expect(status, stderr).toBe(0);
  for (const [args, samples] of [
    [[], 25],
    [['--data', 'x.csv'], 25],
    [['--data', 'test.csv'], 25],
    [['--data', 'new.csv'], 33],
  ] as const) {
    const judged = await quick(['evaluate', 'a', ...args, '--json'], folder);
    expect([args, JSON.parse(judged.stdout)]).toEqual([args, expect.objectContaining({ samples })]);
  }
});
