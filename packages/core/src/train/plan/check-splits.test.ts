import * as tf from '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import type { DataSet, DataSplits } from '../../contracts/data.js';
import { createKit } from '../../kit/kit.js';
import { basicRun, basics, blobs } from '../fixtures/basic-run.js';

const kit = createKit({ plugins: [basics] });
const failing = (): never => {
  throw new Error('odd');
};
const odd = new Proxy({}, { get: failing });

const runOver = async (data: unknown): Promise<unknown> => {
  const before = tf.memory().numTensors;
  try {
    return await kit.run(basicRun, { data: data as DataSplits });
  } catch (error) {
    expect(tf.memory().numTensors).toBe(before);
    return error;
  }
};

test.each<[object, string]>([
  [{ size: -1 }, 'data.validation.size: is not valid in a data set'],
  [{ size: NaN }, 'data.validation.size: is not valid in a data set'],
  [{ size: '30' }, 'data.validation.size: is not valid in a data set: expected number, received string; got "30"'],
  [{ size: 0 }, 'data.validation: must have at least one sample, got 0'],
  [{ inputShape: 4 }, 'data.validation.inputShape: is not valid in a data set'],
  [{ inputShape: [0] }, 'data.validation.inputShape[0]: is not valid in a data set'],
  [{ classes: 1 }, 'data.validation.classes: is not valid in a data set'],
  [{ classes: 4 }, 'data.validation: has 4 classes, the training data 3'],
  [{ batch: undefined }, 'data.validation.batch: is not valid in a data set: must be a function; got nothing'],
  [{ labels: 4 }, 'data.validation.labels: is not valid in a data set: must be a function; got 4'],
  [{ fingerprint: 'x' }, 'data.validation.fingerprint: is not valid in a data set'],
  [{ classNames: 'abc' }, 'data.validation.classNames: is not valid in a data set'],
  [{ classNames: [1, 2, 3] }, 'data.validation.classNames[0]: is not valid in a data set'],
  [{ varying: 'yes' }, 'data.validation.varying: is not valid in a data set'],
  [{ batch: failing }, 'data: its function "batch" fails for samples 0, 1, 2, …: odd'],
  [{ batch: () => Promise.reject(new Error('late')) }, 'data: its function "batch" fails for samples 0, 1, 2, …: late'],
  [
    { batch: () => undefined },
    'data: its function "batch" must return an object with inputs and labels, two tensors; its inputs are not a tensor',
  ],
  [{ batch: () => ({ inputs: [1], labels: [1] }) }, 'data: its function "batch" must return an object with inputs and labels'],
  [{ labels: failing }, 'data: its function "labels" fails for samples 0, 1, 2, …: odd'],
  [{ labels: () => 'abc' }, 'data: its function "labels" must return the labels of 30 samples in an Int32Array'],
  [{ labels: () => Object.defineProperty([], 'length', { value: 4_294_967_280 }) }, 'data: its function "labels" must return the labels'],
  [{ labels: () => new Proxy([1, 2], { get: failing }) }, 'data: its function "labels" fails for samples 0, 1, 2, …'],
  [{ labels: () => Promise.reject(new Error('late')) }, 'data: its function "labels" must return the labels'],
  [
    { batch: () => Object.defineProperty({}, 'inputs', { enumerable: true, get: failing }) },
    'data: its function "batch" returns an object that cannot be read: odd',
  ],
  [{ size: 2 ** 40 }, 'data.validation.size: is not valid in a data set'],
  [{ labels: () => new Int32Array(7) }, 'data: its function "labels" must return the labels of 30 samples in an Int32Array'],
])('a validation set with %o is refused', async (change, message) => {
  const { validation, ...others } = blobs();
  const error = await runOver({ ...others, validation: { ...validation, ...change } });
  expect(error).toMatchObject({ name: 'TemperError', code: 'data/invalid', fault: 'user', message: expect.stringContaining(message) });
});

test.each<[string, unknown, string]>([
  ['no parts', {}, 'data.train: is missing; training needs train, validation and test data'],
  ['a part that is null', { ...blobs(), test: null }, 'data.test: is missing'],
  ['a part that is a number', { ...blobs(), test: 4 }, 'data.test: is not valid in a data set'],
  ['a part that cannot be read', { ...blobs(), test: odd }, 'data: cannot be read: odd'],
  ['parts that cannot be read', odd, 'data: cannot be read: odd'],
  ['a loader that returns nothing', () => undefined, 'data: must be an object with train, validation and test, got nothing'],
  ['warnings that are not texts', { ...blobs(), warnings: [4] }, 'data.warnings: must be a list of texts, got [4]'],
])('data with %s are refused', async (_, data, message) => {
  expect(await runOver(data)).toMatchObject({
    name: 'TemperError',
    fault: 'user',
    code: 'data/invalid',
    message: expect.stringContaining(message),
  });
});

test('a batch with fewer samples than requested is refused', async () => {
  const { train, ...others } = blobs();
  const error = await runOver({ ...others, train: { ...train, batch: () => train.batch(Int32Array.of(0)) } });
  expect(error).toMatchObject({
    code: 'data/invalid',
    message: expect.stringContaining('data: its function "batch" returns inputs of shape [1, 4] for 60 samples'),
  });
});

/** A data set as a class has it: its functions need `this`. */
class Own implements DataSet {
  readonly #of: DataSet;
  readonly size: number;
  readonly inputShape = [4];
  readonly classes = 3;
  constructor(of: DataSet) {
    this.#of = of;
    this.size = of.size;
  }
  batch(indices: Int32Array): ReturnType<DataSet['batch']> {
    return this.#of.batch(indices);
  }
  labels = (indices: Int32Array): Int32Array => (this.#of.labels as NonNullable<DataSet['labels']>)(indices);
}

test('data sets that are instances of a class are accepted', async () => {
  const { train, validation, test: last } = blobs();
  const { student, teacher, steps } = await kit.run(basicRun, {
    data: { train: new Own(train), validation: new Own(validation), test: new Own(last) },
  });
  expect(steps).toBe(12);
  student.dispose();
  teacher?.dispose();
});

test('a promise in place of a data set is refused with the missing `await`', async () => {
  const { train, test: judged } = blobs();
  expect(await runOver({ train, validation: Promise.reject(new Error('late')), test: judged })).toMatchObject({
    message: expect.stringMatching(/^data\.validation: must be a data set, got a promise\n.*await/),
  });
});
