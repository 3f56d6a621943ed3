import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { expect, test } from 'vitest';
import config from './rooms.js';

const { forbidden, options } = config;
const train = 'packages/core/src/train';

/** Names of the rules that a project of these files breaks. */
async function broken(files: Readonly<Record<string, string>>): Promise<string[]> {
  const baseDir = await mkdtemp(join(tmpdir(), 'temper-rooms-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      const path = join(baseDir, train, file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
    const { tsConfig: _project, ...rules } = options;
    const { output } = await cruise(['packages'], { ...rules, baseDir, validate: true, ruleSet: { forbidden } });
    return [...new Set((output as ICruiseResult).summary.violations.map(({ rule }) => rule.name))];
  } finally {
    await rm(baseDir, { recursive: true });
  }
}

test('two files that import only types of each other are a cycle', async () => {
  const a = "import type { B } from './b.js';\nexport interface A { readonly b: B }\n";
  const b = "import type { A } from './a.js';\nexport interface B { readonly a: A }\n";
  expect(await broken({ 'loop/a.ts': a, 'loop/b.ts': b })).toEqual(['no-circle']);
});

test('a room may import the rooms below it and none above it', async () => {
  const constant = 'export const a = 1;\n';
  expect(await broken({ 'step/a.ts': constant, 'loop/b.ts': "export { a } from '../step/a.js';\n" })).toEqual([]);
  expect(await broken({ 'loop/a.ts': constant, 'step/b.ts': "export { a } from '../loop/a.js';\n" })).toEqual(['step-imports-downhill']);
});

test('published files of a package do not import shared files of its tests', async () => {
  expect(await broken({ 'fixtures/a.ts': 'export const a = 1;\n', 'loop/b.ts': "export { a } from '../fixtures/a.js';\n" })).toEqual([
    'fixtures-are-for-tests',
  ]);
});
