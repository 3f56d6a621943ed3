import * as tf from '@tensorflow/tfjs-core';
import type { Batch, DataSet, DataSplits } from '../contracts/data.js';
import { TemperError } from '../errors.js';

const samples = 16;
const repetitions = 3;

/**
 * Asks a data set for a few samples again and compares them bit by bit. One whose samples differ, and that does not say so, is
 * returned as a data set that varies: teacher logits that are kept would be of other inputs.
 * @param path Where the data are in the config, for messages.
 * @throws TemperError `data/invalid` for labels outside of the classes.
 */
export async function steadied(data: DataSet, path: string, warn: (message: string) => void): Promise<DataSet> {
  const count = Math.min(samples, data.size);
  const indices = Int32Array.from({ length: count }, (_, i) => Math.floor((i * data.size) / count));
  const first = await valuesOf(data, indices);
  checkLabels(first.labels as tf.TypedArray, data.classes, path);
  if (data.varying === true) return data;
  for (let i = 1; i < repetitions; i++) {
    const different = differenceOf(first, await valuesOf(data, indices));
    if (different === undefined) continue;
    warn(
      `${path}: the same samples have other ${different} each time they are asked for, and the data set does not say so; the teacher's logits are computed for every batch\n` +
        '  Declare it: `varying: true` in the data set. If it is no augmentation, make batch() give the same samples for the same indices.',
    );
    return { ...data, size: data.size, inputShape: data.inputShape, classes: data.classes, batch: (asked) => data.batch(asked), varying: true, inMemory: false };
  }
  return data;
}

/** `steadied` for all parts of the data. */
export async function steadySplits(splits: DataSplits, warn: (message: string) => void): Promise<DataSplits> {
  const part = async (name: 'train' | 'validation' | 'test'): Promise<DataSet> => steadied(splits[name], `data.${name}`, warn);
  return { ...splits, train: await part('train'), validation: await part('validation'), test: await part('test') };
}

/** What a batch holds, on the host. */
type Values = Readonly<Partial<Record<keyof Batch, tf.TypedArray>>>;

async function valuesOf(data: DataSet, indices: Int32Array): Promise<Values> {
  const { inputs, labels, mask } = await data.batch(indices.slice());
  const values = { inputs: await inputs.data(), labels: await labels.data(), ...(mask === undefined ? {} : { mask: await mask.data() }) };
  tf.dispose([inputs, labels, ...(mask === undefined ? [] : [mask])]);
  return values;
}

/** Which part of two batches is not the same, bit by bit. */
function differenceOf(a: Values, b: Values): keyof Values | undefined {
  return (['inputs', 'labels', 'mask'] as const).find((part) => {
    const [one, other] = [a[part], b[part]];
    if (one === undefined || other === undefined) return one !== other;
    return one.length !== other.length || one.some((value: number, i: number) => !Object.is(value, other[i]));
  });
}

/** Of positions with this label nothing is counted. */
const ignored = -100;

function checkLabels(labels: tf.TypedArray, classes: number, path: string): void {
  const counted = Array.from(labels).filter((label) => label !== ignored);
  const bad = counted.find((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (bad === undefined) return;
  const least = Math.min(...counted);
  throw new TemperError({
    code: 'data/invalid',
    path,
    message: `gives the label ${bad}; labels are integers from 0 to ${classes - 1}, or ${ignored} where nothing is counted`,
    ...(bad === classes && least >= 1 ? { hint: 'The labels seem to start at 1: subtract 1 in batch(), or say firstLabel: 1 (arrayDataSet, idx, csv).' } : {}),
  });
}
