import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const page = readFileSync(fileURLToPath(new URL('architecture.md', import.meta.url)), 'utf8');
const packages = fileURLToPath(new URL('../packages/', import.meta.url));

/** Files and folders of packages that the page names, those to be written left out. */
const named = [
  ...page.matchAll(/`((?:core|schedules|losses|models|data|recipes|plots|experiments|report|testing|tensorflow|node|cli)\/[\w./-]+)`/g),
]
  .map(([, path]) => path as string)
  .filter((path) => !path.includes('NAME'));

test('every file that the page on architecture names exists', () => {
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((path) => !existsSync(packages + path.replace('/', '/src/')))).toEqual([]);
});
