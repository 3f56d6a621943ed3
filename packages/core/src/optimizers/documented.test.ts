import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as core from '../index.js';
import { checkOptimizer } from '@temper/testing';
import { linear } from '../train/fixtures/basic-run.js';

const kit = core.createKit({ plugins: [linear] });
const page = readFileSync(new URL('../../../../docs/optimizers.md', import.meta.url), 'utf8');

const modules = await Promise.all(
  readdirSync(new URL('.', import.meta.url))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => import(/* @vite-ignore */ new URL(file, import.meta.url).href) as Promise<Record<string, Partial<core.AnyDefinition>>>),
);
const onDisk = modules.flatMap((module) => Object.values(module)).filter(({ kind }) => kind === 'optimizer') as core.AnyDefinition[];
const types = onDisk.map(({ type }) => type).sort();

test('the index exports every definition on disk, and every kit includes it', () => {
  expect(Object.values(core)).toEqual(expect.arrayContaining(onDisk));
  expect(
    kit.definitions
      .filter(({ kind }) => kind === 'optimizer')
      .map(({ type }) => type)
      .sort(),
  ).toEqual(types);
});

test('the table of the page lists every definition with every option', () => {
  const rows = [...page.matchAll(/^\| `([\w-]+)` \|([^|]*)\|/gm)].map(([, type, options]) => [type as string, options as string] as const);
  expect(rows.map(([type]) => type).sort()).toEqual(types);
  for (const [type, options] of rows) {
    const names = (text: string): string[] =>
      [...text.matchAll(/`(\w+)`/g)].flatMap(([, name]) =>
        name === 'adam' ? names(rows.find(([one]) => one === 'adam')?.[1] ?? '') : [name as string],
      );
    const definition = onDisk.find((one) => one.type === type) as core.AnyDefinition;
    expect(names(options), type).toEqual(Object.keys(definition.options({ schedule: z.number() } as never).shape));
  }
});

test('the JSON Schema includes every definition', () => {
  const schema = JSON.stringify(kit.jsonSchema());
  for (const type of types) expect(schema).toContain(`"const":"${type}"`);
});

test('every example of the page can be built', () => {
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text as string) as unknown);
  expect(examples.length).toBeGreaterThan(2);
  for (const example of examples) expect(kit.build('optimizer', example)).toBeDefined();
});

test('the optimizer written out on the page keeps the laws', () => {
  const [, code] = /```ts\n([\s\S]*?)```/.exec(page) as unknown as [string, string];
  const { outputText } = ts.transpileModule(code.replaceAll(/^import .*$/gm, ''), { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const make = new Function('defineOptimizer', 'z', 'tf', `${outputText}; return signDescent;`)(
    core.defineOptimizer,
    z,
    tf,
  ) as typeof core.sgd;
  checkOptimizer(make, { options: fc.record({ learningRate: fc.constant(0.1) }), runs: 10 });
});
