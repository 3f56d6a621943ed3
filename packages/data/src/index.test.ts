import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as everything from './index.js';

const { provides } = everything.data;
const types = provides.map(({ type }) => type).sort();

test('every definition has a file of its name, is exported and is in the plug-in', () => {
  const files = readdirSync(new URL('.', import.meta.url)).flatMap((name) => /^([a-z-]+)\.ts$/.exec(name)?.[1] ?? []);
  expect(types).toEqual(files.filter((name) => name !== 'index').sort());
  for (const definition of provides) expect(everything).toHaveProperty(definition.type, definition);
});

test('the table of the page lists every definition with its options and defaults', () => {
  const page = readFileSync(new URL('../../../docs/data.md', import.meta.url), 'utf8');
  const rows = new Map([...page.matchAll(/^\| `([\w-]+)` \|([^|]*)\|/gm)].map(([, type, options]) => [type as string, options as string]));
  expect([...rows.keys()].sort()).toEqual(types);
  for (const { type, options } of provides) {
    const shape: Record<string, z.ZodType> = options({} as never).shape;
    expect([...(rows.get(type) ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(Object.keys(shape));
    for (const [name, option] of Object.entries(shape)) {
      if (option instanceof z.ZodDefault)
        expect(rows.get(type)?.replaceAll('`', '')).toContain(`${name} (${String(option.def.defaultValue)})`);
    }
  }
});
