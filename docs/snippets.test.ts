import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AnyDefinition } from '@temper/core';
import { checkSchedule } from '@temper/core/testing';
import { createJiti } from 'jiti';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = ['README.md', ...readdirSync(`${root}docs`).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];

/**
 * Every TypeScript block of a page that stands on its own, as a file in the docs folder. Blocks without an import are
 * parts of something; the tests of their package run them.
 */
function snippetsOf(page: string): [string, string][] {
  const text = readFileSync(`${root}${page}`, 'utf8');
  const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] as string);
  return blocks.filter((code) => /^import /m.test(code)).map((code, i) => [`${root}docs/${page.replace(/[/.]/g, '-')}-${i + 1}.ts`, `${code}\nexport {};\n`]);
}

test('every TypeScript block that stands on its own compiles', { timeout: 120_000 }, () => {
  const files = new Map(pages.flatMap(snippetsOf));
  const config = ts.readConfigFile(`${root}tsconfig.tests.json`, ts.sys.readFile).config as { extends: string };
  const parsed = ts.parseJsonConfigFileContent({ ...config, include: [], files: ['x.ts'] }, ts.sys, root);
  const options = { ...parsed.options, noUnusedLocals: false };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, ...rest) => {
    const own = files.get(name);
    return own === undefined ? getSourceFile(name, ...rest) : ts.createSourceFile(name, own, ts.ScriptTarget.ES2022, true);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  const problems = [...files.keys()].flatMap((name) => {
    const file = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(({ messageText, start }) => {
      const line = start === undefined || file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
      return `${name.slice(root.length)}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  });
  expect(files.size).toBeGreaterThan(5);
  expect(problems).toEqual([]);
});

test('the schedule in the README keeps the laws, as it says', async () => {
  const [path, code] = snippetsOf('README.md').find(([, text]) => text.includes("type: 'halving'")) as [string, string];
  const config = (await createJiti(import.meta.url).evalModule(code, { filename: path, async: true })) as { default: { plugins: [{ provides: [AnyDefinition] }] } };
  checkSchedule(config.default.plugins[0].provides[0]);
});

test('every link to a file in the README and the guides leads somewhere', () => {
  const missing = pages.flatMap((page) => {
    const folder = page.includes('/') ? `${root}docs/` : root;
    const links = [...readFileSync(`${root}${page}`, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] as string);
    return links.filter((link) => !ts.sys.fileExists(`${folder}${link}`)).map((link) => `${page}: ${link}`);
  });
  expect(missing).toEqual([]);
});
