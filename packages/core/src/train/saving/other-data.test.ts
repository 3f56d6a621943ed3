import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { DataSet, DataSplits } from '../../contracts/data.js';
import { arrayDataSet } from '../../data/array-data-set.js';
import { subset } from '../../data/subset.js';
import { expectNoLeakedTensors } from '@temper/testing';
import { fingerprintsOf } from './fingerprint.js';
import { run } from '../fixtures/fixture-run.js';
import { blobs } from '../fixtures/basic-run.js';
import { memoryStore, stopAfter, withStore } from '../fixtures/memory-store.js';
import { steadied } from '../plan/steadiness.js';

const small = (change: (inputs: Float32Array, labels: number[]) => void = () => undefined, inputShape = [2]): DataSet => {
  const inputs = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i));
  const labels = Array.from({ length: 20 }, (_, i) => i % 3);
  change(inputs, labels);
  return arrayDataSet({ inputs, labels, inputShape, classes: 3 });
};
/** A data set that says nothing of itself. */
const plain = ({ size, inputShape, classes, batch }: DataSet): DataSet => ({ size, inputShape, classes, batch });
const contentOf = async (data: DataSet): Promise<string | undefined> => (await fingerprintsOf({ data }))['data']?.content;

describe('a fingerprint of data', () => {
  test.each([
    ['in memory', (data: DataSet) => data],
    ['made batch by batch', plain],
    [
      'cut from others',
      (data: DataSet) =>
        subset(
          data,
          Int32Array.from({ length: 19 }, (_, i) => 19 - i),
        ),
    ],
  ])('the fingerprint of data %s changes with any sample and any label', async (_, as) => {
    await expectNoLeakedTensors(async () => {
      const whole = await contentOf(as(small()));
      expect(whole).toMatch(/^[0-9a-f]{16}$/);
      expect(await contentOf(as(small()))).toBe(whole);
      const others = [
        small((inputs) => void (inputs[21] = 0.5)),
        small((_inputs, labels) => void (labels[7] = 0)),
        small((inputs) => void inputs.set([inputs[2] as number, inputs[3] as number, inputs[0] as number, inputs[1] as number])),
      ];
      for (const other of others) expect(await contentOf(as(other))).not.toBe(whole);
    });
  });

  test('the fingerprint ignores the values of samples that vary', async () => {
    expect(await contentOf({ ...small(), varying: true })).toBeUndefined();
  });

  test('the fingerprint is that of the data set when it provides one', async () => {
    expect(await contentOf({ ...small(), fingerprint: () => 'mine' })).toBe('mine');
  });
});

describe('resuming over other data', () => {
  const stopped = async (): Promise<ReturnType<typeof memoryStore>> => {
    const store = memoryStore();
    expect(await stopAfter({ epochs: 4 }, store, 14, false)).toBe(false);
    return store;
  };
  const part = (name: keyof DataSplits, data: DataSet): DataSplits => ({ ...blobs(), [name]: data });

  test.each([
    ['train', blobs({ train: 59 }).train, 'data.train: samples 60 → 59'],
    ['validation', blobs({ seed: 8 }).validation, 'data.validation: other samples or labels, in the same number'],
    ['train', { ...blobs().train, inputNames: ['d', 'c', 'b', 'a'] }, 'data.train: other names of classes or columns'],
    ['test', plain(blobs({ seed: 8 }).test), 'data.test: other samples or labels, in the same number'],
  ] as const)('changed data in %s are refused with the change and allowed by name', async (name, data, message) => {
    const store = await stopped();
    const config = { epochs: 4 };
    await expect(run(config, { ...withStore(store), resume: true, data: part(name, data) })).rejects.toThrow(message);
    await expect(run(config, { ...withStore(store), resume: { force: ['seed'] }, data: part(name, data) })).rejects.toMatchObject({
      code: 'run/changed',
      fault: 'user',
    });
    expect((await run(config, { ...withStore(store), resume: { force: ['data'] }, data: part(name, data) })).result.steps).toBe(16);
  });

  test('fewer samples than the place in the epoch are refused, and trained when allowed', async () => {
    const store = memoryStore();
    // After update 7 of 8 of the second epoch of the student.
    const config = {
      epochs: 3,
      batchSize: 8,
      checkpoints: { every: { steps: 1 } },
      teacher: { model: { type: 'dense' }, train: { epochs: 1 } },
    };
    expect(await stopAfter(config, store, 8 + 15, false)).toBe(false);
    const fewer = { data: part('train', blobs({ train: 24 }).train) };
    await expect(run(config, { ...withStore(store), resume: true, ...fewer })).rejects.toThrow('data.train: samples 60 → 24');
    const { result } = await run(config, { ...withStore(store), resume: { force: ['data'] }, ...fewer });
    expect(result.steps).toBe(15 + 3);
  });

  test('the same data in a new object are not a change', async () => {
    const store = await stopped();
    expect((await run({ epochs: 4 }, { ...withStore(store), resume: true, data: blobs() })).result.steps).toBe(16);
  });
});

describe('data that vary without a declaration', () => {
  const noisy = (data: DataSet): DataSet => ({
    ...plain(data),
    inMemory: true,
    async batch(indices) {
      const { inputs, labels } = await data.batch(indices);
      const noise = tf.randomNormal(inputs.shape);
      const sum = tf.add(inputs, noise);
      tf.dispose([inputs, noise]);
      return { inputs: sum, labels };
    },
  });
  const shuffled = (data: DataSet): DataSet => {
    let calls = 0;
    return { ...plain(data), batch: (indices) => data.batch(indices.map((index) => (index + calls++) % data.size)) };
  };

  test.each([
    ['noise', noisy],
    ['another order', shuffled],
  ])('a run over %s warns with a remedy and stores no logits', async (_, changed) => {
    await expectNoLeakedTensors(async () => {
      const warnings: string[] = [];
      const data = await steadied(changed(small()), 'data.train', (message) => warnings.push(message));
      expect(data).toMatchObject({ varying: true, inMemory: false, size: 20 });
      expect(warnings).toEqual([
        expect.stringMatching(
          /^data\.train: the inputs of the same samples differ (each time|in another batch)[\s\S]*Declare it: `varying: true`/,
        ),
      ]);
    });
  });

  const inBatches =
    (change: (inputs: tf.Tensor) => tf.Tensor) =>
    (data: DataSet): DataSet => ({
      ...plain(data),
      async batch(indices) {
        const { inputs, labels } = await data.batch(indices);
        const changed = change(inputs);
        inputs.dispose();
        return { inputs: changed, labels };
      },
    });

  test.each([
    ['normalized over their batch', (inputs: tf.Tensor) => tf.tidy(() => tf.sub(inputs, tf.mean(inputs, 0)))],
    [
      'changed by their place in the batch',
      (inputs: tf.Tensor) => tf.tidy(() => tf.add(inputs, tf.reshape(tf.range(0, inputs.shape[0]), [-1, 1]))),
    ],
  ])('samples that are %s count as varying', async (_, change) => {
    const warnings: string[] = [];
    expect(await steadied(inBatches(change)(small()), 'data.train', (message) => warnings.push(message))).toMatchObject({ varying: true });
    expect(warnings).toEqual([expect.stringMatching(/^data\.train: the inputs of the same samples differ in another batch/)]);
  });

  test('a change of one sample in 40 is detected among 64', async () => {
    const rare = (data: DataSet): DataSet => {
      let calls = 0;
      return {
        ...plain(data),
        batch: (indices) => data.batch(indices.map((index, i) => (i === 39 ? (index + calls++) % data.size : index))),
      };
    };
    const many = arrayDataSet({
      inputs: Float32Array.from({ length: 400 }, (_, i) => i),
      labels: new Int32Array(200),
      inputShape: [2],
      classes: 2,
    });
    expect(await steadied(rare(many), 'data.train', () => undefined)).toMatchObject({ varying: true });
  });

  test('a run over varying data warns once and computes the teacher for every batch', async () => {
    const { result } = await run({}, { data: { ...blobs(), train: noisy(blobs().train) } });
    expect(result.warnings).toEqual([expect.stringContaining('data.train')]);
  });

  test.each([
    ['steady data', small()],
    ['data that say that they vary', { ...noisy(small()), varying: true }],
  ])('%s stay unchanged', async (_, data) => {
    const warnings: string[] = [];
    expect(await steadied(data, 'data.train', (message) => warnings.push(message))).toBe(data);
    expect(warnings).toEqual([]);
  });
});
