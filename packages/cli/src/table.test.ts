import { expect, test } from 'vitest';
import { cut, table } from './table.js';

test('table aligns names to the left and figures to the right', () => {
  expect(
    table([
      ['', 'value'],
      ['accuracy', '9.5 %'],
      ['nll', '0.123'],
    ]),
  ).toEqual(['            value', '  accuracy  9.5 %', '  nll       0.123']);
  expect(
    table(
      [
        ['1', 'a', '2'],
        ['10', 'bc', '3'],
      ],
      [1],
    ),
  ).toEqual(['   1  a   2', '  10  bc  3']);
});

test('cut shortens names and shows names of spaces and line breaks', () => {
  expect([cut('setosa', 10), cut('a very long name', 6), cut('two words', 10)]).toEqual(['setosa', 'a ver…', 'two words']);
  expect([cut(' ', 10), cut('\n', 10), cut('', 10), cut('a\tb', 10)]).toEqual(['" "', '"\\n"', '""', '"a\\tb"']);
});
