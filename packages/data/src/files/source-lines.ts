const longest = 72;

/** A line for a hint, `Line 4: 1,2,rose`; of a long one the cells around `column`. */
export function quoteLine(number: number, line: string, cells?: readonly string[], column?: number): string {
  const text = line.trim();
  return `Line ${number}: ${text.length <= longest ? text : shortened(text, cells, column)}`;
}

function shortened(line: string, cells: readonly string[] | undefined, column: number | undefined): string {
  if (cells === undefined || column === undefined) return `${line.slice(0, longest)} …`;
  const from = Math.max(0, column - 3);
  const part = cells.slice(from, column + 4).join(', ');
  return `${from > 0 ? '… ' : ''}${part.slice(0, longest)}${column + 4 < cells.length ? ' …' : ''}`;
}
