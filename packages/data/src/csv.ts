import { type DataSet, defineData, limits, sizeOf, Tokens } from '@temper/core';
import { z } from 'zod';
import { classIds, classNames, labelWarning } from './files/classes.js';
import { invalid } from './files/invalid.js';
import { withoutLineNumbers } from './files/line-numbers.js';
import { checkOther, overlapWarning } from './files/overlap.js';
import { asSplits, cutByClass } from './files/parts.js';
import { readTable, type Table } from './files/read-table.js';
import { collapsing, multiply, standardise } from './files/scaling.js';
import { tableDataSet } from './files/table-data-set.js';

const path = z.string().min(1);
const column = z.union([z.string().min(1), z.int()], {
  error: 'must be the name of a column, or its number: from 0, or from −1 backwards',
});
const share = z.number().gt(0).lt(1);

/** Whether numbers in cells can be distinguished from the separator. */
const canSeparate = (separator: string): boolean => !/["\r\n.+\-\ufeff\p{L}\p{N}]/u.test(separator);
const areDifferent = (names: readonly string[]): boolean => new Set(names).size === names.length;

/**
 * A table in a CSV file (UTF-8, compressed with gzip or not): one sample a line, a column with its label, numbers in the others.
 *
 * By default each input column is brought to mean 0 and standard deviation 1: x ← (x − mean)/sd, both measured on the training part alone,
 * so that no validation or test data leak into training. A number as `scale` multiplies instead. Both are computed in float64 and rounded
 * once, so that columns with large values (time stamps) stay accurate. Classes are the labels found, in order, unless `classes` names or
 * counts them. Training, validation and test data are cut from the file so that each part holds the classes in the same shares, by
 * permutations that depend on `seed` alone; with `testPath` the test data come from that file. A first column without a name that counts
 * the lines is left out.
 * @throws TemperError `data/not-found` for a missing file; `data/invalid` naming line and column for cells that are
 * empty or no finite numbers, for lines with too few or too many cells, unknown columns, labels that are no class, labels that are
 * measurements, and a test file that is the training file.
 * @example kit.data({ type: 'csv', path: 'iris.csv', label: 'species' })
 */
export const csv = defineData({
  type: 'csv',
  options: z
    .strictObject({
      path: path.describe('The file.'),
      label: column.describe("Column of the labels: its name, 'last', or its number from 0, or from −1 backwards."),
      inputs: z.array(column).min(1).optional().describe('Input columns; default: all but the label.'),
      header: z.boolean().optional().describe('Whether the first line names the columns; default: detected.'),
      separator: z
        .string()
        .length(1, 'must be one character')
        .refine(canSeparate, 'must not be a quote, a line end, a letter or a part of a number')
        .optional()
        .describe('Separator between two cells; default: detected.'),
      comments: z
        .union([z.string().min(1), z.literal(false)])
        .default('#')
        .describe('Lines that start with this text are skipped; false: no lines are skipped.'),
      classes: z
        .union([z.int().min(2).max(limits.classes), z.array(z.string()).min(2).refine(areDifferent, 'must have different names')], {
          error: 'must be the number of classes, or a list of their names',
        })
        .optional()
        .describe('Number of classes, labelled from 0 (or firstLabel), or their names in order. Default: the labels of the file.'),
      firstLabel: z.int().default(0).describe('Label of the first class, where classes is a number.'),
      inputShape: z.array(z.int().min(1)).min(1).optional().describe('Shape of a sample, for instance [28, 28, 1]; default: [columns].'),
      scale: z
        .union([z.literal('standard'), z.number()], { error: 'must be "standard" or a number to multiply with' })
        .default('standard')
        .describe('"standard": mean 0 and standard deviation 1 for each column; a number multiplies.'),
      validation: share.default(0.15).describe('Share of the samples that are not test samples.'),
      test: share.default(0.2).describe('Share of all samples, if there is no testPath.'),
      memory: z.int().min(1).optional().describe('Bytes of memory for the numbers of a file; default: half of the memory.'),
      testPath: path.optional().describe('Another file with the test samples, with the same columns.'),
      seed: z.int().min(0).default(1).describe('Seed of the split into parts.'),
    })
    .superRefine(({ separator, comments }, context) => {
      if (separator === undefined || comments === false || !comments.startsWith(separator)) return;
      const message =
        `is also the start of a comment (${JSON.stringify(comments)}); choose another text for comments, or set comments ` + `to false`;
      context.addIssue({ code: 'custom', path: ['separator'], message });
    }),
  create: (options, services) => {
    const files = services.get(Tokens.Files);
    const room = { memory: options.memory ?? files.memory ?? Infinity, scratch: files.scratch };
    const tableOptions = { ...options, room };
    return async () => {
      const table = withoutLineNumbers(
        await readTable(await files.open(options.path), options.path, tableOptions),
        options.inputs !== undefined,
      );
      const names = classNames(table, options.classes, options.firstLabel);
      const ids = classIds(table, names, options.classes);
      const tested = await testTable(table);
      const parts = cutByClass(ids, { ...options, test: tested ? 0 : options.test }, options.path);
      const preparation =
        options.scale === 'standard' ? await standardise(table.numbers, parts.train, table.size) : multiply(options.scale);
      const lost = options.scale === 'standard' ? [] : await collapsing(table.numbers, parts.train, table.size, options.scale);
      const dataSet = (of: Table, labels: Int32Array): Promise<DataSet> =>
        tableDataSet(of.numbers, preparation, {
          labels,
          inputShape: shapeOf(of, options.inputShape),
          classes: names.length,
          preparation,
          classNames: names,
          ...namesOf(of.inputColumns),
          source: of.source,
        });
      const warnings = [
        ...table.warnings,
        ...labelWarning(names, table, options.classes),
        ...lostDigits(table, lost, options.scale),
        ...(tested ? [...tested.warnings, ...(await overlapWarning(table, tested, tested.source))] : []),
      ];
      const all = await dataSet(table, ids);
      const splits = asSplits(all, parts, tested && (await dataSet(tested, classIds(tested, names, options.classes))));
      return { ...splits, warnings };
    };

    async function testTable({ inputColumns }: Table): Promise<Table | undefined> {
      const { path, testPath } = options;
      if (testPath === undefined) return undefined;
      const file = await files.open(testPath);
      await checkOther(files, { train: path, test: testPath }, 'Leave testPath out: the test data are then cut from the file.');
      // Columns are found by the names in the training file: their order may differ here.
      return readTable(file, testPath, { ...tableOptions, inputs: inputColumns });
    }
  },
});

/** Lists the columns that need the scale `standard`. */
function lostDigits({ source, inputColumns }: Table, columns: readonly number[], scale: number | string): string[] {
  if (columns.length === 0) return [];
  const named = columns.slice(0, 5).map((column) => JSON.stringify(inputColumns[column]));
  const [which, vary] = columns.length === 1 ? ['column', 'varies'] : ['columns', 'vary'];
  return [
    `${source}: the ${which} ${named.join(', ')}${columns.length > 5 ? ', …' : ''} ${vary} too little for float32 with ` +
      `the scale ${scale}: different numbers become the same; leave scale out, which subtracts the mean first`,
  ];
}

/** Columns by name, if all names differ. */
function namesOf(columns: Table['inputColumns']): { readonly inputNames?: readonly string[] } {
  const inputNames = columns.map(String);
  return new Set(inputNames).size === inputNames.length ? { inputNames } : {};
}

function shapeOf({ width, source }: Table, wanted: readonly number[] | undefined): readonly number[] {
  if (wanted === undefined) return [width];
  if (sizeOf(wanted) === width) return wanted;
  throw invalid(source, `has ${width} input columns, which do not fill the shape [${wanted.join(', ')}] (inputShape)`);
}
