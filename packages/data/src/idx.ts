import {
  arrayDataSet,
  defineData,
  limits,
  storedDataSet,
  Tokens,
  type ArrayData,
  type DataSet,
  type Files,
  type OpenFile,
} from '@temper/core';
import { z } from 'zod';
import { findPairs, type Pair } from './files/idx-folder.js';
import { invalid } from './files/invalid.js';
import { checkOther } from './files/overlap.js';
import { asSplits, cutParts } from './files/parts.js';
import { openPair, type OpenPair } from './files/open-pair.js';
import { copyIdx, loadIdx, type IdxHeader, type Numbers } from './files/read-idx.js';

const path = z.string().min(1);
const share = z.number().gt(0).lt(1);

/**
 * Data in IDX files, the format of MNIST, Fashion-MNIST and KMNIST, compressed with gzip or not. Inputs are bytes scaled to 0 … 1 (files
 * of floats stay as they are); images of one channel get it as their last dimension: `[28, 28, 1]`.
 *
 * Give a `folder` that holds them under their usual names (`train-images-idx3-ubyte.gz`, …, `t10k-labels-idx1-ubyte`),
 * or the files themselves. Validation data are cut from the training files, never from the test files. Where there is
 * only one pair of files, training, validation and test data are all cut from that pair. Every cut is a permutation that depends on
 * `seed` alone. A file of any size is read in pieces and stays bytes in memory; beyond `memory` it stays on the disk.
 * @throws TemperError `data/not-found` for a missing file, with the nearest name in its folder; `data/invalid` for
 * files that are no IDX files, cut off, too long, empty, that do not belong together, or hold labels outside of the classes.
 * @example kit.data({ type: 'idx', folder: 'data/mnist' })
 */
export const idx = defineData({
  type: 'idx',
  options: z
    .strictObject({
      folder: path.optional().describe('Folder with files under their usual names.'),
      images: path.optional().describe('File of training images, instead of a folder.'),
      labels: path.optional().describe('File of training labels.'),
      testImages: path.optional().describe('File of test images.'),
      testLabels: path.optional().describe('File of test labels.'),
      classes: z
        .int()
        .min(2)
        .max(limits.classes)
        .default(10)
        .describe('Labels are integers from 0 to classes − 1, or as many from firstLabel on.'),
      firstLabel: z.int().default(0).describe('Label of the first class.'),
      validation: share.default(0.1).describe('Share of the training samples that is kept for validation.'),
      test: share.default(0.2).describe('Share of all samples that is kept for the test, where there are no test files.'),
      limit: z.int().min(1).optional().describe('Number of training samples to use; validation and test data are not affected.'),
      memory: z
        .int()
        .min(1)
        .optional()
        .describe(
          'Bytes of memory for the samples of a file; larger files are read from the disk batch by batch. Default: half of the memory.',
        ),
      seed: z.int().min(0).default(1).describe('Seed of the split into parts.'),
    })
    .superRefine(checkNames),
  create: (options, services) => {
    const files = services.get(Tokens.Files);
    const pairs = async () => (options.folder === undefined ? namedPairs(options) : findPairs(options.folder, files));
    const partsOf = (size: number, { train, test }: Pairs) => {
      const parts = cutParts(size, { ...options, test: test === undefined ? options.test : 0 }, train.images);
      return { ...parts, train: parts.train.slice(0, options.limit) };
    };
    const load = async () => {
      const { train, test } = await pairs();
      const all = await readPair(await openPair(train, files), options, files);
      if (test !== undefined)
        await checkOther(
          files,
          { train: train.images, test: test.images },
          'Leave testImages and testLabels out: the test data are then cut from the training files.',
        );
      const tested = test === undefined ? undefined : await readPair(await openPair(test, files, all.inputShape), options, files);
      return asSplits(all, partsOf(all.size, { train, ...(test === undefined ? {} : { test }) }), tested);
    };
    const trainingSize = async () => {
      const given = await pairs();
      const { size, inputShape } = await openPair(given.train, files);
      if (given.test !== undefined) await openPair(given.test, files, inputShape);
      return partsOf(size, given).train.length;
    };
    return Object.assign(load, { trainingSize });
  },
});

type Names = Readonly<Partial<Record<'folder' | 'images' | 'labels' | 'testImages' | 'testLabels', string | undefined>>>;

/** Either a folder, or files in pairs. */
function checkNames({ folder, ...named }: Names, context: z.RefinementCtx): void {
  const refuse = (at: string, message: string): void => context.addIssue({ code: 'custom', path: [at], message });
  const { images, labels, testImages, testLabels } = named;
  if (folder !== undefined) {
    const beside = (['images', 'labels', 'testImages', 'testLabels'] as const).find((name) => named[name] !== undefined);
    if (beside !== undefined)
      refuse(beside, 'not allowed together with `folder`, whose files have their usual names; remove one ' + 'of the two');
  } else if (images === undefined && labels === undefined) {
    refuse('folder', 'is missing; give a folder, or the files images and labels');
  } else if (images === undefined || labels === undefined) {
    refuse(images === undefined ? 'images' : 'labels', 'is missing; images and labels belong together');
  } else if ((testImages === undefined) !== (testLabels === undefined)) {
    refuse(testImages === undefined ? 'testImages' : 'testLabels', 'is missing; testImages and testLabels belong together');
  }
}

interface Pairs {
  readonly train: Pair;
  readonly test?: Pair;
}

function namedPairs({ images = '', labels = '', testImages, testLabels }: Names): Pairs {
  const train = { images, labels };
  return testImages === undefined || testLabels === undefined ? { train } : { train, test: { images: testImages, labels: testLabels } };
}

interface PairOptions {
  readonly classes: number;
  readonly firstLabel: number;
  readonly memory?: number | undefined;
}

async function readPair(
  { images, labels, file, header, labelFile, targets, inputShape }: OpenPair,
  options: PairOptions,
  files: Files,
): Promise<DataSet> {
  const { classes, firstLabel, memory = files.memory } = options;
  const ids = await loadIdx(labelFile, targets, labels);
  if (ids === undefined) throw tooLarge(labels, targets, memory);
  const facts = {
    inputShape,
    classes,
    firstLabel,
    classNames: Array.from({ length: classes }, (_, label) => String(firstLabel + label)),
    scale: 1 / 255,
    ...(header.type.kept === 1 ? {} : { preparation: { type: 'none' } as const }),
    source: `${images}, ${labels}`,
  };
  const isSmall = header.count * header.type.kept <= (memory ?? Infinity);
  const values = isSmall ? await loadIdx(file, header, images) : undefined;
  if (values !== undefined)
    return arrayDataSet({ ...facts, inputs: asInputs(values), labels: ids instanceof Float32Array ? Array.from(ids) : ids });
  if (file.size === undefined && files.scratch === undefined) throw tooLarge(images, header, memory);
  const unpacked =
    file.size === undefined && files.scratch !== undefined ? await copyIdx(file, header, images, await files.scratch()) : file;
  return storedDataSet({ ...facts, labels: new Int32Array(ids), read: rowsOf(unpacked, header) });
}

/** Integers become floats: an Int32Array would be token ids. */
const asInputs = (values: Numbers): ArrayData['inputs'] => (values instanceof Int32Array ? new Float32Array(values) : values);

/** Reads samples of a file that is not compressed from where they are. */
function rowsOf(file: OpenFile, { type, count, start, shape }: IdxHeader): (indices: Int32Array) => Promise<ArrayData['inputs']> {
  const width = count / (shape[0] as number);
  return async (indices) => {
    const positions = Array.from(indices, (index) => start + index * width * type.bytes);
    const bytes = await file.pieces(positions, width * type.bytes);
    const values = type.make(indices.length * width);
    type.decode(bytes, values, 0);
    return asInputs(values);
  };
}

const tooLarge = (source: string, { count, type }: IdxHeader, memory: number = 2 ** 32): Error =>
  invalid(
    source,
    `takes ${(count * type.kept).toLocaleString('en')} bytes of memory; at most ${memory.toLocaleString('en')} are used`,
    'Unpack the file (gunzip), so that samples can be read from the disk, or raise the option memory.',
  );
