import { expect, test } from 'vitest';
import { jsonText, printJson } from './json.js';
import type { Terminal } from './terminal.js';

const odd = { 'a\u001b[31m': 'b\u009b31m\u202ec\u2028', list: [1, null] };

test('JSON on the terminal holds no control characters, and reads as what was printed', () => {
  let printed = '';
  printJson({ out: (text: string) => (printed = text) } as unknown as Terminal, odd);
  for (const text of [printed, jsonText(odd)]) {
    expect(text).not.toMatch(/[\u009b\u202e\u2028]/);
    expect(text).toContain('\\u009b31m');
    expect(JSON.parse(text)).toEqual(odd);
  }
  expect(printed).toContain('[1, null]');
});
