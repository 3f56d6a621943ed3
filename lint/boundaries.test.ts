import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const rules = ['no-restricted-imports', 'no-restricted-globals'];
// The repository's own config decides; rules that need types are left out, for they need real files.
const eslint = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) => rules.includes(ruleId),
  overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions: { project: null } } },
});

async function refusals(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return result?.messages.map(({ message }) => message) ?? [];
}

const importing = (name: string): string => `import * as it from '${name}';\nit;\n`;

test.each([
  ['packages/core/src/a.ts', '@temper/schedules', 'may import no other package'],
  ['packages/schedules/src/a.ts', '@temper/losses', 'may import only core'],
  ['packages/losses/src/a.test.ts', '@temper/node', 'may import only core'],
  ['packages/node/src/a.ts', '@temper/cli', 'may import only core, data, losses, models, schedules, tensorflow'],
  ['packages/tensorflow/src/a.ts', '@temper/node', 'may import only core'],
  ['packages/node/src/a.ts', '@temper/core/train/distill.js', 'not a file inside it'],
  ['packages/node/src/a.ts', '../../core/src/index.js', 'by its name'],
  ['examples/digits/run.ts', '../../packages/core/src/index.js', 'by its name'],
  ['examples/digits/run.ts', '@temper/core/train/distill.js', 'not a file inside it'],
  ['packages/core/src/a.ts', '@temper/core', 'import the file itself'],
  ['packages/core/src/a.ts', 'node:fs', 'also runs in browsers'],
  ['packages/data/src/a.ts', 'fs/promises', 'also runs in browsers'],
  ['packages/models/src/a.ts', '@tensorflow/tfjs-node', 'also runs in browsers'],
])('the rules forbid %s to import %s', async (file, name, reason) => {
  expect(await refusals(file, importing(name))).toEqual([expect.stringContaining(reason)]);
});

test('the rules forbid globals of Node in a package for browsers', async () => {
  const code = 'export const here = process.cwd();\n';
  expect(await refusals('packages/core/src/a.ts', code)).toEqual([expect.stringContaining('also runs in browsers')]);
  expect(await refusals('packages/node/src/a.ts', code)).toEqual([]);
});

test.each([
  ['packages/cli/src/a.ts', '@temper/node'],
  ['packages/node/src/a.ts', '@temper/tensorflow/system'],
  ['packages/node/src/a.ts', '@temper/losses'],
  ['packages/node/src/a.ts', 'node:fs'],
  ['packages/losses/src/a.ts', '@temper/core'],
  ['packages/losses/src/a.test.ts', '@temper/testing'],
  ['packages/losses/src/a.test.ts', '@tensorflow/tfjs-node'],
  ['packages/core/src/a.ts', '@tensorflow/tfjs-core'],
  ['packages/core/src/a.ts', './contracts/data.js'],
  ['examples/digits/run.ts', '@temper/cli'],
])('the rules allow %s to import %s', async (file, name) => {
  expect(await refusals(file, importing(name))).toEqual([]);
});
