import { expect, test } from 'vitest';
import { safeText } from './screen.js';

test.each([
  ['a\u001b[31mb\u001b[39m', true, 'a\u001b[31mb\u001b[39m'],
  ['a\u001b[31mb', false, 'a\\u001b[31mb'],
  ['\u001b]0;title\u0007\u001b[2J', true, '\\u001b]0;title\\u0007\\u001b[2J'],
  ['two\nlines\tand \u009b31m\u202e\r', true, 'two\nlines\tand \\u009b31m\\u202e\\u000d'],
])('%j with colors %s is printed as %j', (text, colored, shown) => {
  expect(safeText(text, colored)).toBe(shown);
});
