import type { Table } from './read-table.js';

/** Input columns that only count the lines: the samples in the order of the file. */
function countingColumns({ inputs, width, size }: Table): number[] {
  if (size < 3) return [];
  const at = (sample: number, column: number): number => inputs[sample * width + column] as number;
  return Array.from({ length: width }, (_, column) => column).filter((column) => {
    for (let sample = 1; sample < size; sample++) if (at(sample, column) - at(sample - 1, column) !== 1) return false;
    return true;
  });
}

/**
 * Leaves out a first column without a name that counts the lines, which table programs write unasked, and warns of it and of columns
 * with a name that do so.
 */
export function withoutLineNumbers(table: Table, chosen: boolean): Table {
  const counting = chosen || table.width < 2 ? [] : countingColumns(table);
  const isUnnamed = (column: number): boolean => /^(unnamed: ?\d+)?$/i.test(String(table.inputColumns[column]));
  const index = counting.find((column) => column === 0 && isUnnamed(column));
  const named = counting.filter((column) => column !== index).map((column) => JSON.stringify(table.inputColumns[column]));
  const warnings = [
    ...table.warnings,
    ...(index === undefined ? [] : [`${table.source}: the first column has no name and counts the lines; it is left out`]),
    ...(named.length === 0
      ? []
      : [
          `${table.source}: the column ${named.join(', ')} counts the lines; leave it out of inputs unless the order of the samples is known in use`,
        ]),
  ];
  if (index === undefined) return { ...table, warnings };
  const width = table.width - 1;
  const inputs = new Float64Array(table.size * width);
  for (let sample = 0; sample < table.size; sample++) inputs.set(table.inputs.subarray(sample * table.width + 1, (sample + 1) * table.width), sample * width);
  return { ...table, width, inputs, inputColumns: table.inputColumns.filter((_, column) => column !== index), warnings };
}
