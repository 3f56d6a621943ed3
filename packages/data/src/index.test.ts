import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as everything from './index.js';

test('every definition has a file of its name, is exported by it and is in the plug-in', () => {
  const files = readdirSync(new URL('.', import.meta.url)).flatMap((name) => /^([a-z-]+)\.ts$/.exec(name)?.[1] ?? []);
  const definitions = files.filter((name) => name !== 'index').sort();
  expect(everything.data.provides.map(({ type }) => type).sort()).toEqual(definitions);
  for (const definition of everything.data.provides) expect(everything).toHaveProperty(definition.type, definition);
});
