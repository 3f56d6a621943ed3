import { invalid } from './invalid.js';

/** The number in a cell, which float32 must be able to hold. */
export function numberOf(text: string, refuse: (cell: string) => Error): number {
  const cell = text.trim();
  const number = Number(cell);
  if (cell === '' || !Number.isFinite(Math.fround(number))) throw refuse(cell);
  return number;
}

/** Why a cell is not a number, with a remedy and the line. */
export function refuseCell(cell: string, place: string, line: string): Error {
  const fill = 'fill it in, or remove the line or the column.';
  if (cell === '') return invalid(place, 'is empty; it must be a number', `A missing value: ${fill}\n  ${line}`);
  return invalid(
    place,
    `must be a finite number, got ${JSON.stringify(cell)}`,
    [remedyOf(cell, fill), line].filter((one) => one !== undefined).join('\n  '),
  );
}

function remedyOf(cell: string, fill: string): string | undefined {
  if (/^-?\d+,\d+$/.test(cell)) return 'Write decimals with a point.';
  if (/^(na|n\/a|nan|null|none|\?|-)$/i.test(cell)) return `It stands for a missing value: ${fill}`;
  return Number.isNaN(Number(cell)) ? 'List the columns with numbers as inputs, or encode this one as numbers.' : undefined;
}
