import type { Files, OpenFile } from '@temper/core';
import type { Pair } from './idx-folder.js';
import { invalid } from './invalid.js';
import { openIdx, type IdxHeader } from './read-idx.js';

/** Two files whose headers belong together. */
export interface OpenPair extends Pair {
  readonly file: OpenFile;
  readonly header: IdxHeader;
  readonly labelFile: OpenFile;
  readonly targets: IdxHeader;
  readonly size: number;
  readonly inputShape: readonly number[];
}

/** Checks the headers of both files, before the numbers of either are read; test samples have the shape of the training samples. */
export async function openPair({ images, labels }: Pair, files: Files, expected?: readonly number[]): Promise<OpenPair> {
  const [file, labelFile] = [await files.open(images), await files.open(labels)];
  const [header, targets] = [await openIdx(file, images), await openIdx(labelFile, labels)];
  if (targets.shape.length !== 1) {
    const swapped = targets.shape.length === 3 ? 'Are images and labels swapped?' : 'Give the file of labels (idx1).';
    throw invalid(labels, `must hold one label for each sample, got numbers of shape [${targets.shape.join(', ')}]`, swapped);
  }
  const [size = 0, ...shape] = header.shape;
  if (size === 0) throw invalid(images, 'holds no samples');
  if (shape.length === 0) throw invalid(images, 'must hold samples, got a single row of numbers', 'Are images and labels swapped?');
  if (targets.shape[0] !== size)
    throw invalid(images, `holds ${size} samples, but ${labels} ${targets.shape[0]} labels`, 'Give two files that belong together.');
  const inputShape = shape.length === 2 ? [...shape, 1] : shape;
  if (expected !== undefined && inputShape.join() !== expected.join())
    throw invalid(images, `holds samples of shape [${inputShape.join(', ')}], the training file [${expected.join(', ')}]`);
  return { images, labels, file, header, labelFile, targets, size, inputShape };
}
