import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { comparisonSchema, variantsOf } from '@temper/experiments';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const questions = readdirSync(`${root}experiments`).filter((name) => existsSync(`${root}experiments/${name}/temper.compare.json`));
const tableOf = (page: string): string[] =>
  readFileSync(root + page, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'));

test.each(questions)('the results of %s have a row for each variant over five seeds', (name) => {
  const given: unknown = JSON.parse(readFileSync(`${root}experiments/${name}/temper.compare.json`, 'utf8'));
  const comparison = comparisonSchema.parse(given);
  const rows = tableOf(`experiments/${name}/RESULTS.md`)
    .slice(2)
    .map((row) => row.split('|').map((cell) => cell.replace(/^ (\\\* )?/, '').trim()));
  expect(rows.map(([, variant]) => variant)).toEqual(variantsOf(comparison).variants.map((variant) => variant.name));
  expect(rows.map(([, , seeds]) => seeds)).toEqual(rows.map(() => '5'));
  expect(comparison.seeds).toHaveLength(5);
});

test('the first table of the README equals that of an experiment', () => {
  expect(readFileSync(`${root}README.md`, 'utf8')).toContain(tableOf('experiments/schedules-digits/RESULTS.md').join('\n'));
});
