import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { wildcard } from './wildcard.js';

const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.', '('), maxLength: 8 });
const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '.', '(', '*'), maxLength: 6 });

test.prop([patterns, letters])('a pattern matches the names that its regular expression matches', (pattern, name) => {
  const expression = new RegExp(`^${pattern.replace(/[.(]/g, '\\$&').replaceAll('*', '.*')}$`);
  expect(wildcard(pattern)(name)).toBe(expression.test(name));
});

test('a pattern of 5,000 stars matches like a single star', () => {
  const name = 'a'.repeat(10_000);
  expect(wildcard(`${'*a'.repeat(5000)}b`)(name)).toBe(false);
  expect(wildcard('*a'.repeat(5000))(name)).toBe(true);
});
