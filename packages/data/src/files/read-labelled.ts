import { sizeOf, type DataSet, type NumberPreparation, type OpenFile } from '@temper/core';
import { classIds } from './classes.js';
import { invalid } from './invalid.js';
import { readTable, type TableOptions } from './read-table.js';
import { tableDataSet } from './table-data-set.js';

/** What a network was trained for that evaluates a table. */
export interface LabelledFor {
  /** Names of the classes, in order. */
  readonly classes: readonly string[];
  /** The number of classes, where labels are the integers from 0. */
  readonly counted: number | undefined;
  readonly inputShape: readonly number[];
  readonly preparation: NumberPreparation | undefined;
}

/**
 * Reads a complete CSV file as labelled samples for a network that is trained already: its classes, its preparation, no parts.
 * @throws TemperError `data/invalid` naming line and column, also for a label that is not one of the classes.
 */
export async function readLabelled(file: OpenFile, source: string, options: TableOptions, wanted: LabelledFor): Promise<DataSet> {
  const { classes, counted, inputShape, preparation } = wanted;
  const table = await readTable(file, source, options);
  const width = sizeOf(inputShape);
  if (table.width !== width) throw invalid(source, `has ${table.width} input columns, the network takes ${width} numbers`);
  return tableDataSet(table.numbers, preparation ?? { type: 'none' }, {
    labels: classIds(table, classes, counted),
    inputShape,
    classes: classes.length,
    classNames: classes,
    ...(preparation && { preparation }),
    source,
  });
}
