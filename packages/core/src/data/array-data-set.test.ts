import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { DataSet } from '../contracts/data.js';
import { expectNoLeakedTensors } from '@temper/testing';
import { arrayDataSet } from './array-data-set.js';

const six = { inputs: Float32Array.from({ length: 12 }, (_, i) => i / 8), labels: [0, 1, 2, 0, 1, 2], inputShape: [2], classes: 3 };

async function read(data: DataSet, indices: readonly number[]) {
  return expectNoLeakedTensors(async () => {
    const { inputs, labels } = await data.batch(Int32Array.from(indices));
    const seen = {
      inputs: [...inputs.dataSync()],
      labels: [...labels.dataSync()],
      shapes: [inputs.shape, labels.shape],
      types: [inputs.dtype, labels.dtype],
    };
    inputs.dispose();
    labels.dispose();
    return seen;
  });
}

describe('batches', () => {
  test('a batch has the requested samples in the requested order', async () => {
    expect(await read(arrayDataSet(six), [5, 0])).toEqual({
      inputs: [10 / 8, 11 / 8, 0, 1 / 8],
      labels: [2, 0],
      shapes: [[2, 2], [2]],
      types: ['float32', 'int32'],
    });
  });

  test('a batch has scaled bytes, which are stored as bytes', async () => {
    const data = arrayDataSet({
      inputs: Uint8Array.of(0, 255, 51, 102),
      labels: Uint8Array.of(1, 0),
      inputShape: [1, 2],
      classes: 2,
      scale: 1 / 255,
    });
    expect(await read(data, [1, 0])).toMatchObject({
      inputs: [Math.fround(51 / 255), Math.fround(102 / 255), 0, 1],
      shapes: [[2, 1, 2], [2]],
    });
  });

  test('the factor of bytes and the preparation of floats are recorded', () => {
    const shape = { labels: [0, 1], inputShape: [1], classes: 2 };
    expect(arrayDataSet({ ...shape, inputs: Uint8Array.of(1, 2), scale: 0.5 }).preparation).toEqual({ type: 'scale', factor: 0.5 });
    expect(arrayDataSet({ ...shape, inputs: Uint8Array.of(1, 2) }).preparation).toEqual({ type: 'none' });
    expect(arrayDataSet({ ...shape, inputs: Float32Array.of(1, 2) })).not.toHaveProperty('preparation');
    const facts = { preparation: { type: 'scale', factor: 0.1 }, classNames: ['a', 'b'], inputNames: ['x'] } as const;
    expect(arrayDataSet({ ...shape, inputs: Float32Array.of(1, 2), ...facts })).toMatchObject(facts);
  });

  test('clamped bytes of a canvas are accepted, unscaled by default', async () => {
    const data = arrayDataSet({ inputs: Uint8ClampedArray.of(7, 255), labels: [0, 1], inputShape: [1], classes: 2 });
    expect(await read(data, [0, 1])).toMatchObject({ inputs: [7, 255], types: ['float32', 'int32'] });
  });

  test('token ids are integers with a label at each position', async () => {
    const data = arrayDataSet({
      inputs: Int32Array.of(1, 2, 3, 4),
      labels: Int32Array.of(2, 3, 4, 0),
      inputShape: [2],
      labelShape: [2],
      classes: 5,
    });
    expect(data.size).toBe(2);
    expect(await read(data, [1])).toEqual({
      inputs: [3, 4],
      labels: [4, 0],
      shapes: [
        [1, 2],
        [1, 2],
      ],
      types: ['int32', 'int32'],
    });
  });

  test('labels of −100 are accepted for positions that do not count', async () => {
    const data = arrayDataSet({
      inputs: Int32Array.of(1, 2, 3, 4),
      labels: Int32Array.of(2, -100, 4, 0),
      inputShape: [2],
      labelShape: [2],
      classes: 5,
    });
    expect((await read(data, [0])).labels).toEqual([2, -100]);
  });

  test('later changes of the labels do not change batches', async () => {
    const labels = [0, 1, 2, 0, 1, 2];
    const data = arrayDataSet({ ...six, labels });
    labels.fill(0);
    expect((await read(data, [2])).labels).toEqual([2]);
  });

  test.prop([fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 20 })])(
    'a batch equals its samples requested one by one',
    async (indices) => {
      const data = arrayDataSet(six);
      const whole = await read(data, indices);
      const single: Awaited<ReturnType<typeof read>>[] = [];
      for (const index of indices) single.push(await read(data, [index]));
      expect(whole.inputs).toEqual(single.flatMap(({ inputs }) => inputs));
      expect(whole.labels).toEqual(single.flatMap(({ labels }) => labels));
    },
  );

  test.each([-1, 6, 2 ** 30])('a batch refuses index %i', (index) => {
    expect(() => arrayDataSet(six).batch(Int32Array.of(0, index))).toThrow(`indices[1]: must be from 0 to 5, got ${index}`);
  });
});

describe('bad inputs', () => {
  const cases: [string, object, string][] = [
    ['no samples', { inputs: new Float32Array(0), labels: [] }, 'labels: must have at least one sample, got none'],
    [
      'NaN',
      { inputs: Float32Array.from(six.inputs, (x, i) => (i === 7 ? NaN : x)) },
      'inputs[3]: must be finite numbers, got NaN as number 1 of the sample',
    ],
    [
      'infinity',
      { inputs: Float32Array.from(six.inputs, (x, i) => (i === 0 ? -Infinity : x)) },
      'inputs[0]: must be finite numbers, got -Infinity as number 0',
    ],
    ['a label too high', { labels: [0, 1, 2, 12, 1, 2] }, 'labels[3]: must be an integer from 0 to 2, got 12'],
    ['a negative label', { labels: Int32Array.of(-1, 1, 2, 0, 1, 2) }, 'labels[0]: must be an integer from 0 to 2, got -1'],
    ['half a label', { labels: [0, 0.5, 2, 0, 1, 2] }, 'labels[1]: must be an integer from 0 to 2, got 0.5'],
    ['a label that is NaN', { labels: [0, 1, NaN, 0, 1, 2] }, 'labels[2]: must be an integer from 0 to 2, got NaN'],
    [
      'a label at a position',
      { labels: [...six.labels, 0, 0, 0, 9, 0, 0], labelShape: [2] },
      'labels[4][1]: must be an integer from 0 to 2, got 9',
    ],
    [
      'labels that do not fill a sample',
      { labels: [0, 1, 2, 0, 1], labelShape: [2] },
      'labels: must have 2 labels for each sample, got 5 in all',
    ],
    ['too few inputs', { inputs: six.inputs.subarray(0, 11) }, 'inputs: must have 12 numbers for 6 samples of shape [2], got 11'],
    ['too many inputs', { inputs: new Float32Array(13) }, 'inputs: must have 12 numbers for 6 samples of shape [2], got 13'],
    ['inputs of another type', { inputs: [1, 2] }, 'inputs: must be a Float32Array, Uint8Array or Int32Array, got Array'],
    ['inputs in double precision', { inputs: new Float64Array(12) }, 'got Float64Array'],
    ['no inputs', { inputs: undefined }, 'inputs: must be a Float32Array, Uint8Array or Int32Array, got Undefined'],
    ['labels of another type', { labels: '012012' }, 'labels: must be an Int32Array, Uint8Array or list of numbers, got String'],
    ['a shape with a hole', { inputShape: [2, 0] }, 'inputShape: must be a list of positive whole numbers, got [2,0]'],
    ['a shape that is a number', { inputShape: 2 }, 'inputShape: must be a list of positive whole numbers, got 2'],
    ['one class', { classes: 1 }, 'classes: must be a whole number of at least 2, got 1'],
    ['a scale that is NaN', { scale: NaN }, 'scale: must be a finite number, got NaN'],
  ];
  test.each(cases)('arrayDataSet refuses %s at its place', (_, change, message) => {
    expect(() => arrayDataSet({ ...six, ...change })).toThrow(
      expect.objectContaining({ code: 'data/invalid', fault: 'user', message: expect.stringContaining(message) }),
    );
  });

  test('the message names the file that the samples come from', () => {
    expect(() => arrayDataSet({ ...six, labels: [0, 1, 2, 3, 1, 2], source: 'wine.csv' })).toThrow('got 3 (wine.csv)');
  });
});
