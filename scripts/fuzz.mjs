// `npm run fuzz -- [TARGET …] [--seed N] [--count N] [--from N] [--only N]`: changes what Temper reads in many ways, and looks how it ends.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Stop, root, runProgram } from './tools.mjs';

const folder = 'packages/cli/src/testing/fuzz';
const usage = 'npm run fuzz -- [TARGET …] [--seed 1] [--count 50000] [--from 0] [--only NUMBER]';

await Stop.guard(() => {
  const { targets, options } = readArguments(process.argv.slice(2));
  process.env.TEMPER_FUZZ = JSON.stringify(options);
  const files = targets.map((name) => `${folder}/${name}.test.ts`);
  process.exitCode = runProgram('node_modules/vitest/vitest.mjs', ['run', '--project', 'cli', ...files]);
});

/** The targets named, or all of them; which attempts to make. */
function readArguments(args) {
  const known = readdirSync(join(root, folder)).flatMap((name) => /^(?!valid-)(.*)\.test\.ts$/.exec(name)?.[1] ?? []);
  const number = { type: 'string' };
  let given;
  try {
    given = parseArgs({
      args: args.filter((word) => word !== '--'),
      options: { seed: number, count: number, from: number, only: number },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Stop(`${error.message.split('\n')[0]}\n  ${usage}`);
  }
  const { seed = '1', count = '50000', from = '0', only } = given.values;
  for (const [name, value] of Object.entries({ seed, count, from, only: only ?? '0' })) {
    if (!/^\d{1,9}$/.test(value))
      throw new Stop(`--${name} must be a whole number of at most nine digits, got ${JSON.stringify(value)}.\n  ${usage}`);
  }
  const unknown = given.positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Stop(`There is no target ${unknown.join(', ')}. There are ${known.join(', ')}.\n  ${usage}`);
  const options =
    only === undefined
      ? { seed: Number(seed), from: Number(from), count: Number(count) }
      : { seed: Number(seed), from: Number(only), count: 1 };
  return { targets: given.positionals.length === 0 ? known : given.positionals, options };
}
