/** Returns lines of a table: the first column aligned to the left, figures to the right. */
export function table(rows: readonly (readonly string[])[], left: readonly number[] = [0]): string[] {
  // Not Math.max(...), which accepts some 100,000 arguments at most.
  const width = (column: number): number => rows.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0);
  const widths = Array.from({ length: rows.reduce((most, row) => Math.max(most, row.length), 0) }, (_, column) => width(column));
  const pad = (cell: string, column: number): string =>
    left.includes(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => `  ${row.map(pad).join('  ')}`.trimEnd());
}

/** Shortens a name to a width; a name with spaces at its ends or line breaks is quoted, so that they are visible. */
export function cut(text: string, width: number): string {
  const shown = text === text.trim() && !/\s/.test(text.replaceAll(' ', '')) && text !== '' ? text : JSON.stringify(text);
  return shown.length <= width ? shown : `${shown.slice(0, width - 1)}…`;
}
