import { arrayDataSet, defineData, Tokens, type DataSet, type Files } from '@temper/core';
import { z } from 'zod';
import { findPairs, type Pair } from './files/idx-folder.js';
import { invalid } from './files/invalid.js';
import { checkOther } from './files/overlap.js';
import { asSplits, cutParts } from './files/parts.js';
import { readIdx } from './files/read-idx.js';

const path = z.string().min(1);
const share = z.number().gt(0).lt(1);

/**
 * Data in IDX files, the format of MNIST, Fashion-MNIST and KMNIST, compressed with gzip or not. Inputs are bytes scaled to 0 … 1 (files
 * of floats stay as they are); images of one channel get it as their last dimension: `[28, 28, 1]`.
 *
 * Give a `folder` that holds them under their usual names (`train-images-idx3-ubyte.gz`, …, `t10k-labels-idx1-ubyte`),
 * or the files themselves. Validation data are cut from the training files, never from the test files. Where there is
 * only one pair of files, training, validation and test data are all cut from that pair. Every cut is a permutation that depends on
 * `seed` alone.
 * @throws TemperError `data/not-found` for a missing file, with the nearest name in its folder; `data/invalid` for
 * files that are no IDX files, cut off, too long, empty, that do not belong together, or hold labels outside of the classes.
 * @example kit.data({ type: 'idx', folder: 'data/mnist' })
 */
export const idx = defineData({
  type: 'idx',
  options: z
    .strictObject({
      folder: path.optional().describe('Folder with files under their usual names.'),
      images: path.optional().describe('File of training images, in place of a folder.'),
      labels: path.optional().describe('File of training labels.'),
      testImages: path.optional().describe('File of test images.'),
      testLabels: path.optional().describe('File of test labels.'),
      classes: z.int().min(2).default(10).describe('Labels are integers from 0 to classes − 1.'),
      validation: share.default(0.1).describe('Share of the training samples that is kept for validation.'),
      test: share.default(0.2).describe('Share of all samples that is kept for the test, where there are no test files.'),
      limit: z.int().min(1).optional().describe('Use only so many training samples; validation and test stay as they are.'),
      seed: z.int().min(0).default(1).describe('Says which samples go where.'),
    })
    .superRefine(checkNames),
  create: (options, services) => {
    const files = services.get(Tokens.Files);
    return async () => {
      const { train, test } = options.folder === undefined ? namedPairs(options) : await findPairs(options.folder, files);
      const all = await readPair(train, options.classes, files);
      if (test !== undefined) await checkTestFile(train.images, test.images, files);
      const tested = test === undefined ? undefined : await readPair(test, options.classes, files);
      if (test !== undefined && tested?.inputShape.join() !== all.inputShape.join()) {
        throw invalid(test.images, `holds samples of shape [${tested?.inputShape.join(', ')}], the training file [${all.inputShape.join(', ')}]`);
      }
      const parts = cutParts(all.size, { ...options, test: tested === undefined ? options.test : 0 }, train.images);
      return asSplits(all, { ...parts, train: parts.train.slice(0, options.limit) }, tested);
    };
  },
});

/** Test images that are the training images would flatter every network. */
async function checkTestFile(train: string, test: string, files: Files): Promise<void> {
  const [one, other] = [await files.read(train), await files.read(test)];
  checkOther(one, other, { train, test }, 'Leave testImages and testLabels out: the test data are then cut from the training files.');
}

type Names = Readonly<Partial<Record<'folder' | 'images' | 'labels' | 'testImages' | 'testLabels', string | undefined>>>;

/** Either a folder, or files in pairs. */
function checkNames({ folder, ...named }: Names, context: z.RefinementCtx): void {
  const refuse = (at: string, message: string): void => context.addIssue({ code: 'custom', path: [at], message });
  const { images, labels, testImages, testLabels } = named;
  if (folder !== undefined) {
    const beside = (['images', 'labels', 'testImages', 'testLabels'] as const).find((name) => named[name] !== undefined);
    if (beside !== undefined) refuse(beside, 'stands beside folder, whose files have their usual names; remove one of the two');
  } else if (images === undefined && labels === undefined) {
    refuse('folder', 'is missing; give a folder, or the files images and labels');
  } else if (images === undefined || labels === undefined) {
    refuse(images === undefined ? 'images' : 'labels', 'is missing; images and labels belong together');
  } else if ((testImages === undefined) !== (testLabels === undefined)) {
    refuse(testImages === undefined ? 'testImages' : 'testLabels', 'is missing; testImages and testLabels belong together');
  }
}

function namedPairs({ images = '', labels = '', testImages, testLabels }: Names): { train: Pair; test?: Pair } {
  const train = { images, labels };
  return testImages === undefined || testLabels === undefined ? { train } : { train, test: { images: testImages, labels: testLabels } };
}

async function readPair({ images, labels }: Pair, classes: number, files: Files): Promise<DataSet> {
  const inputs = readIdx(await files.read(images), images);
  const targets = readIdx(await files.read(labels), labels);
  if (targets.shape.length !== 1) {
    const swapped = targets.shape.length === 3 ? 'Are images and labels swapped?' : 'Give the file of labels (idx1).';
    throw invalid(labels, `must hold one label for each sample, got numbers of shape [${targets.shape.join(', ')}]`, swapped);
  }
  const [size = 0, ...shape] = inputs.shape;
  if (size === 0) throw invalid(images, 'holds no samples');
  if (shape.length === 0) throw invalid(images, 'must hold samples, got a single row of numbers', 'Are images and labels swapped?');
  if (targets.shape[0] !== size) throw invalid(images, `holds ${size} samples, but ${labels} ${targets.shape[0]} labels`, 'Give two files that belong together.');
  const { values } = inputs;
  return arrayDataSet({
    inputs: values instanceof Int32Array ? Float32Array.from(values) : values,
    labels: targets.values instanceof Float32Array ? Array.from(targets.values) : targets.values,
    inputShape: shape.length === 2 ? [...shape, 1] : shape,
    classes,
    classNames: Array.from({ length: classes }, (_, label) => String(label)),
    scale: 1 / 255,
    ...(values instanceof Uint8Array ? {} : { preparation: { type: 'none' } as const }),
    source: `${images}, ${labels}`,
  });
}
