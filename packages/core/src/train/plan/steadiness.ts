import * as tf from '@tensorflow/tfjs-core';
import type { Batch, DataSet, DataSplits } from '../../contracts/data.js';
import { ignoredLabel } from '../../counted.js';
import { askBatch } from '../../data/ask.js';
import { TemperError } from '../../errors.js';

/** The number of samples that are compared: fewer where a sample is large. */
const samples = { least: 16, most: 64, numbers: 2 ** 20 };

/** The tolerance for samples of another batch, which may be rounded differently. */
const rounding = 1e-5;

/**
 * Requests a few samples several times and compares them. The last requests are for half of them in reverse order: a sample that depends
 * on the others of its batch differs then. A data set whose samples differ without a declaration is returned as one that varies, since
 * stored teacher logits would belong to other inputs.
 * @param path Path of the data in the config, for messages.
 * @throws TemperError `data/invalid` for labels outside of the classes.
 */
export async function steadied(data: DataSet, path: string, warn: (message: string) => void): Promise<DataSet> {
  const indices = spread(data);
  const first = await rowsOf(data, indices);
  checkLabels(
    first.flatMap(({ labels }) => [...labels]),
    data.classes,
    path,
  );
  if (data.varying === true) return data;
  const half = indices.filter((_, i) => i % 2 === 0).reverse();
  const byIndex = new Map(first.map((row, i) => [indices[i], row]));
  const again = { asked: indices, tolerance: 0, when: 'each time' };
  const elsewhere = { asked: half, tolerance: rounding, when: 'in another batch' };
  // Noise that is random for a batch as a whole needs several tries.
  for (const { asked, tolerance, when } of [again, again, elsewhere, elsewhere]) {
    const known = Array.from(asked, (index) => byIndex.get(index) as Row);
    const different = differenceOf(known, await rowsOf(data, asked), tolerance);
    if (different === undefined) continue;
    warn(
      `${path}: the ${different} of the same samples differ ${when}, which the data set does not declare; the teacher's logits ` +
        `are computed for every batch\n` +
        '  Declare it: `varying: true` in the data set. If it is not an augmentation, batch() must return the same samples ' +
        'for the same indices.',
    );
    return {
      ...data,
      size: data.size,
      inputShape: data.inputShape,
      classes: data.classes,
      batch: (asked) => data.batch(asked),
      varying: true,
      inMemory: false,
    };
  }
  return data;
}

/** Returns some indices from the whole data set. */
function spread({ size, inputShape }: DataSet): Int32Array {
  const { least, most, numbers } = samples;
  const wanted = Math.max(least, Math.min(most, Math.floor(numbers / tf.util.sizeFromShape([...inputShape]))));
  const count = Math.min(wanted, size);
  return Int32Array.from({ length: count }, (_, i) => Math.floor((i * size) / count));
}

/** Applies `steadied` to all parts of the data. */
export async function steadySplits(splits: DataSplits, warn: (message: string) => void): Promise<DataSplits> {
  const part = async (name: 'train' | 'validation' | 'test'): Promise<DataSet> => steadied(splits[name], `data.${name}`, warn);
  return { ...splits, train: await part('train'), validation: await part('validation'), test: await part('test') };
}

/** The values of one sample in a batch, on the host. */
type Row = Readonly<Record<Part, tf.TypedArray | readonly []>>;
type Part = keyof Batch;
const parts: readonly Part[] = ['inputs', 'labels', 'mask'];

async function rowsOf(data: DataSet, indices: Int32Array): Promise<Row[]> {
  const batch = await askBatch(data, indices.slice());
  const values = new Map<Part, tf.TypedArray>();
  for (const part of parts) {
    const tensor = batch[part];
    if (tensor !== undefined) values.set(part, await tensor.data());
  }
  tf.dispose({ ...batch });
  const rowOf = (part: Part, i: number): tf.TypedArray | readonly [] => {
    const all = values.get(part);
    if (all === undefined) return [];
    const width = all.length / indices.length;
    return all.subarray(i * width, (i + 1) * width);
  };
  return Array.from(indices, (_, i) => ({ inputs: rowOf('inputs', i), labels: rowOf('labels', i), mask: rowOf('mask', i) }));
}

/** Returns the part of equal samples that differs: in any bit, or by more than a share of the largest number. */
const differenceOf = (some: readonly Row[], others: readonly Row[], tolerance: number): Part | undefined =>
  parts.find((part) => some.some((row, i) => !areSame(row[part], (others[i] as Row)[part], tolerance)));

function areSame(one: ArrayLike<number>, other: ArrayLike<number>, tolerance: number): boolean {
  if (one.length !== other.length) return false;
  const values = Array.from(one);
  const largest = tolerance === 0 ? 0 : values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return values.every((value, i) => Object.is(value, other[i]) || Math.abs(value - (other[i] as number)) <= tolerance * largest);
}

function checkLabels(labels: readonly number[], classes: number, path: string): void {
  const counted = labels.filter((label) => label !== ignoredLabel);
  const bad = counted.find((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (bad === undefined) return;
  const least = Math.min(...counted);
  throw new TemperError({
    code: 'data/invalid',
    path,
    message: `gives the label ${bad}; labels are integers from 0 to ${classes - 1}, or ${ignoredLabel} for positions that are not counted`,
    ...(bad === classes && least >= 1
      ? { hint: 'The labels seem to start at 1: subtract 1 in batch(), or set firstLabel: 1 (arrayDataSet, idx, csv).' }
      : {}),
  });
}
