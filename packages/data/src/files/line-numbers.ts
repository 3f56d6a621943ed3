import { withoutFirstColumn } from './row-numbers.js';
import type { Table } from './read-table.js';

/**
 * Drops a first column without a name that counts the lines, as table programs add it, and warns about it and about named columns that
 * count the lines.
 */
export function withoutLineNumbers(table: Table, chosen: boolean): Table {
  const counting = chosen || table.width < 2 ? [] : table.counting;
  const isUnnamed = (column: number): boolean => /^(unnamed: ?\d+)?$/i.test(String(table.inputColumns[column]));
  const index = counting.find((column) => column === 0 && isUnnamed(column));
  const named = counting.filter((column) => column !== index).map((column) => JSON.stringify(table.inputColumns[column]));
  const warnings = [
    ...table.warnings,
    ...(index === undefined ? [] : [`${table.source}: the first column has no name and counts the lines; it is not used`]),
    ...(named.length === 0
      ? []
      : [
          `${table.source}: the column ${named.join(', ')} counts the lines; remove it from inputs unless the order of the ` +
            `samples is also known at prediction`,
        ]),
  ];
  if (index === undefined) return { ...table, warnings };
  const inputColumns = table.inputColumns.filter((_, column) => column !== index);
  return { ...table, width: table.width - 1, numbers: withoutFirstColumn(table.numbers), inputColumns, warnings };
}
