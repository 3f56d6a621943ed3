import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AnyDefinition } from '@temper/core';
import { checkSchedule } from '@temper/testing';
import { createJiti } from 'jiti';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { pages, snippetsOf } from './snippets.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The TypeScript programs of a page, as files in the docs folder. */
const filesOf = (page: string): [string, string][] =>
  snippetsOf(page)
    .filter(({ language }) => language === 'ts')
    .map(({ code, line }) => [`${root}docs/${page.replace(/\W+/g, '-')}-${line}.ts`, `${code}\nexport {};\n`]);

test('every TypeScript block compiles together with its continuation', { timeout: 120_000 }, () => {
  const files = new Map(pages.flatMap(filesOf));
  const config = ts.readConfigFile(`${root}tsconfig.tests.json`, ts.sys.readFile).config as { extends: string };
  const parsed = ts.parseJsonConfigFileContent({ ...config, include: [], files: ['x.ts'] }, ts.sys, root);
  const options = { ...parsed.options, noUnusedLocals: false };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, target, ...rest) => {
    const own = files.get(name);
    return own === undefined ? getSourceFile(name, target, ...rest) : ts.createSourceFile(name, own, target, true);
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

test('the schedule in the README keeps the laws of schedules', async () => {
  const [path, code] = filesOf('README.md').find(([, text]) => text.includes("type: 'halving'")) as [string, string];
  const config = (await createJiti(import.meta.url).evalModule(code, { filename: path, async: true })) as {
    default: { plugins: [{ provides: [AnyDefinition] }] };
  };
  checkSchedule(config.default.plugins[0].provides[0]);
});

test('every page names the command as it is typed, with npx', () => {
  const bare = /(?<!npx )(?<![\w@/.-])temper (?:run|predict|evaluate|export|preview|setup|doctor|schema|list)\b.*/g;
  expect(pages.flatMap((page) => [...readFileSync(`${root}${page}`, 'utf8').matchAll(bare)].map(([text]) => `${page}: ${text}`))).toEqual(
    [],
  );
});

test('every link to a file in the README and the guides has a target', () => {
  const missing = pages.flatMap((page) => {
    const folder = page.includes('/') ? `${root}docs/` : root;
    const links = [...readFileSync(`${root}${page}`, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] as string);
    return links.filter((link) => !ts.sys.fileExists(`${folder}${link}`)).map((link) => `${page}: ${link}`);
  });
  expect(missing).toEqual([]);
});
