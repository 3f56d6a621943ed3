import { readFileSync } from 'node:fs';
import { limits } from '@temper/core';
import { expect, test } from 'vitest';

test('docs/limits.md lists every limit with its number', () => {
  const page = readFileSync(new URL('limits.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| ([\d,]+) \|/gm)].map(([, name, most]) => [name, Number(most?.replaceAll(',', ''))]);
  expect(Object.fromEntries(rows)).toEqual(limits);
});
