import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { createKit, defineSchedule, defineWeighting, progressOf, type AnyDefinition } from '@temper/core';
import { checkWeighting } from '@temper/testing';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as index from '../index.js';

// The schedules that the page's examples name; their own package is no dependency of this one.
const fromTo = <const N extends string>(type: N) =>
  defineSchedule({
    type,
    options: z.object({ from: z.number(), to: z.number() }),
    create:
      ({ from, to }) =>
      (at) =>
        from + (to - from) * progressOf(at),
  });
const kit = createKit({ plugins: [index.losses, fromTo('linear'), fromTo('cosine')] });
const page = readFileSync(new URL('../../../../docs/weightings.md', import.meta.url), 'utf8');

const files = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
const onDisk = await Promise.all(
  files.map(async (file) => {
    const exported = Object.values((await import(/* @vite-ignore */ new URL(file, import.meta.url).href)) as Record<string, AnyDefinition>);
    const [definition] = exported.filter(({ kind }) => kind === 'weighting') as [AnyDefinition];
    expect(`${definition.type}.ts`).toBe(file);
    return definition;
  }),
);
const types = onDisk.map(({ type }) => type).sort();

test('the index exports every definition on disk, and the plug-in provides it', () => {
  expect(Object.values(index)).toEqual(expect.arrayContaining(onDisk));
  expect(
    index.losses.provides
      .filter(({ kind }) => kind === 'weighting')
      .map(({ type }) => type)
      .sort(),
  ).toEqual(types);
});

test('the table of the page lists every definition with every option', () => {
  const rows = [...page.matchAll(/^\| `([\w-]+)` \|([^|]*)\|/gm)].map(
    ([, type, options]) => [type as string, [...(options as string).matchAll(/`(\w+)`/g)].map(([, name]) => name)] as const,
  );
  expect(rows.map(([type]) => type).sort()).toEqual(types);
  for (const [type, options] of rows) {
    const definition = onDisk.find((one) => one.type === type) as AnyDefinition;
    expect(options, type).toEqual(Object.keys(definition.options({ schedule: z.unknown() } as never).shape));
  }
});

test('the JSON Schema includes every definition', () => {
  const schema = JSON.stringify(kit.jsonSchema());
  for (const type of types) expect(schema).toContain(`"const":"${type}"`);
});

test('every example of the page can be built', () => {
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text as string) as unknown);
  expect(examples.length).toBeGreaterThan(5);
  for (const example of examples) expect(kit.build('weighting', example)).toBeDefined();
});

test('the weightings written out on the page keep the laws', () => {
  const code = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text]) => text).join('\n');
  const { outputText } = ts.transpileModule(code.replaceAll(/^import .*$|^await loadBackend\(\);$/gm, ''), {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  const known = { defineWeighting, progressOf, z, tf, checkWeighting, test: (_: string, body: () => void) => body() };
  const { late } = new Function(...Object.keys(known), `${outputText}; return { late, root };`)(...Object.values(known)) as {
    late: typeof index.dwa;
  };
  checkWeighting(late as never, { options: fc.record({ after: fc.double({ min: 0, max: 1, noNaN: true }) }) });
});
