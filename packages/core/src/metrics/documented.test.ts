import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as core from '../index.js';

const page = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');
const files = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
const modules = await Promise.all(
  files.map(async (file) => [file, (await import(/* @vite-ignore */ new URL(file, import.meta.url).href)) as object] as const),
);
const onDisk = modules.flatMap(([file, module]) =>
  (Object.values(module) as Partial<core.AnyDefinition>[])
    .filter((value) => value?.kind === 'metric')
    .map((definition) => ({ file, definition: definition as core.AnyDefinition })),
);
const types = onDisk.map(({ definition }) => definition.type).sort();

test('every metric has a file of its name, is exported and is in every kit', () => {
  for (const { file, definition } of onDisk) expect(file).toBe(`${definition.type}.ts`);
  expect(Object.values(core)).toEqual(expect.arrayContaining(onDisk.map(({ definition }) => definition)));
  const { definitions } = core.createKit({ plugins: [] });
  const known = definitions.filter(({ kind }) => kind === 'metric').map(({ type }) => type);
  expect(known.sort()).toEqual(types);
});

test('the table of the page lists every metric with its direction', () => {
  const rows = [...page.matchAll(/^\| `([\w-]+)` \|.*\| (larger|smaller) \|$/gm)].map(([, type, better]) => [type, better]);
  const expected = onDisk.map(({ definition: { type, facts } }) => [type, facts?.better === 'max' ? 'larger' : 'smaller']);
  expect(rows.sort()).toEqual(expected.sort());
});

test('the JSON Schema lists every metric by name and with its options', () => {
  const schema = JSON.stringify(core.createKit({ plugins: [] }).jsonSchema());
  for (const type of types) expect(schema).toContain(`"const":"${type}"`);
  expect(schema).toContain('"enum":["accuracy"');
});
