// Makes the comparisons of this folder, or those that are named, and writes the table of the README from the first of them.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const temper = join(here, '../packages/cli/bin/temper.mjs');
/** An experiment is a comparison, or a program that writes its RESULTS.md. */
const program = (name) => join(here, name, 'run.mjs');
const all = readdirSync(here).filter((name) => [join(here, name, 'temper.compare.json'), program(name)].some((path) => existsSync(path)));
const named = process.argv.slice(2);
const unknown = named.find((name) => !all.includes(name));
if (unknown !== undefined) {
  console.error(`There is no experiment "${unknown}". Known: ${all.join(', ')}`);
  process.exit(2);
}
for (const name of named.length > 0 ? named : all) {
  console.error(`\n${name}`);
  const args = existsSync(program(name)) ? [program(name)] : [temper, 'compare', '--results', 'RESULTS.md'];
  const { status } = spawnSync(process.execPath, args, { cwd: join(here, name), stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const table = readFileSync(join(here, 'schedules-digits/RESULTS.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .join('\n');
const readme = join(here, '../README.md');
writeFileSync(
  readme,
  readFileSync(readme, 'utf8').replace(
    /<!-- schedules-digits -->[\s\S]*?<!-- \/schedules-digits -->/,
    () => `<!-- schedules-digits -->\n\n${table}\n\n<!-- /schedules-digits -->`,
  ),
);
