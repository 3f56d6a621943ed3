import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node';
import { describe, expect, test } from 'vitest';
import { arrayDataSet } from '../data/array-data-set.js';
import { expectNoLeakedTensors } from '@temper/testing';
import { evaluateStudent } from './evaluate-student.js';
import { parseStudent, type StudentDescription } from './student-file.js';
import { createStudent } from './student.js';

const description: StudentDescription = {
  format: 'temper-student',
  version: 1,
  name: 'student',
  network: 'function',
  outputs: 'logits',
  classes: ['small', 'large', '7'],
  labelShape: [],
  inputs: { shape: [2], dtype: 'float32', names: ['a', 'b'] },
  preparation: { type: 'standardise', mean: [10, 1.7e9], deviation: [2, 1] },
  preparedIn: 'outside',
  preparationLayers: [],
};
/** Logits a, b and 0 of prepared inputs. */
const logits = (inputs: tf.Tensor): tf.Tensor =>
  tf.pad(inputs as tf.Tensor2D, [
    [0, 0],
    [0, 1],
  ]);
const student = createStudent(logits, description);

describe('predict', () => {
  test.each<[string, unknown]>([
    ['lists', [[14, 1.7e9 + 1]]],
    ['nested lists', [[[14], [1.7e9 + 1]]]],
    ['float64 arrays', [Float64Array.of(14, 1.7e9 + 1)]],
    ['records with further fields', [{ b: 1.7e9 + 1, a: 14, species: 'x' }]],
  ])('predict accepts %s, prepares them in float64 and names the class', async (_, samples) => {
    const [said] = await expectNoLeakedTensors(() => student.predict(samples as never));
    const sum = Math.exp(2) + Math.exp(1) + 1;
    expect(said?.class).toBe('small');
    expect(said?.probability).toBeCloseTo(Math.exp(2) / sum, 6);
    expect(said?.probabilities['large']).toBeCloseTo(Math.exp(1) / sum, 6);
    expect(Object.values(said?.probabilities ?? {}).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  test('predict accepts tensors of raw values that float32 holds', async () => {
    const raw = createStudent(logits, { ...description, preparation: { type: 'scale', factor: 0.5 } });
    for (const samples of [
      tf.tensor2d([
        [4, 2],
        [0, 6],
      ]),
      [tf.tensor1d([4, 2]), Float32Array.of(0, 6)],
    ]) {
      expect((await raw.predict(samples)).map(({ class: name }) => name)).toEqual(['small', 'large']);
    }
  });

  test('predict divides logits by the temperature and gives the same for any batch size', async () => {
    const [soft] = await student.predict([[14, 1.7e9]], { temperature: 2 });
    expect(soft?.probability).toBeCloseTo(Math.exp(1) / (Math.exp(1) + 2), 6);
    const many = Array.from({ length: 7 }, (_, i) => [i * 4, 1.7e9 + i]);
    expect(await student.predict(many, { batchSize: 2 })).toEqual(await student.predict(many));
    expect(await student.predict([])).toEqual([]);
  });

  test.each<[string, unknown, object, string]>([
    ['too few numbers', [[1, 2], [1]], {}, 'samples[1]: must have 2 numbers (shape [2]), got 1'],
    ['a missing input', [{ a: 1, bb: 2 }], {}, 'samples[0]: has no input "b"\n  Is it "bb"?'],
    ['a text in a record', [{ a: 1, b: 'x' }], {}, 'samples[0].b: must be a number, got "x"'],
    ['NaN', [[1, Number.NaN]], {}, 'samples[0].b: must be a finite number, got NaN'],
    ['a text', ['x'], {}, 'samples[0]: must be 2 numbers or a record of them, got a text'],
    ['null', [null], {}, 'samples[0]: must be numbers, a record of them or a text, got null'],
    ['one sample alone', [1, 2], {}, 'samples: must be a list of samples, got a list of numbers\n  Put one sample into a list'],
    ['one record alone', { a: 1, b: 2 }, {}, 'samples: must be a list of samples'],
    ['a tensor of another shape', tf.zeros([1, 3]), {}, 'samples: must be a tensor of shape [samples, 2], got [1, 3]'],
    [
      'float32 arrays of values that need float64',
      [Float32Array.of(1, 2)],
      {},
      'samples[0]: is a Float32Array, whose float32 numbers cannot hold',
    ],
    ['a temperature of 0', [[1, 2]], { temperature: 0 }, 'temperature: must be a finite number above 0, got 0'],
  ])('predict refuses %s', async (_, samples, options, message) => {
    await expect(student.predict(samples as never, options)).rejects.toThrow(message);
  });
});

describe('evaluateStudent', () => {
  const data = (changes: object) =>
    arrayDataSet({ inputs: Float32Array.of(2, 1, 0, 3, -1, -1), labels: [0, 1, 2], inputShape: [2], classes: 3, ...changes });

  test('evaluateStudent matches classes by name and inputs by their preparation', async () => {
    const preparation = { type: 'standardise', mean: [12, 1.7e9 + 1], deviation: [2, 1] } as const;
    const parts = [
      data({ preparation: description.preparation }),
      data({ preparation, classNames: ['7', 'large', 'small'], labels: [2, 1, 0] }),
    ];
    const { metrics, samples, confusion } = await expectNoLeakedTensors(() => evaluateStudent(logits, description, parts));
    expect(samples).toBe(6);
    // In the second part every input is one deviation larger: the last sample has logits 0, 0, 0 and is said to be the first class.
    expect(confusion).toEqual([
      [2, 0, 0],
      [0, 2, 0],
      [1, 0, 1],
    ]);
    expect(metrics['accuracy']).toBeCloseTo(5 / 6, 6);
  });

  test.each<[string, object, string]>([
    ['a class that it does not know', { classNames: ['small', 'larger', '7'] }, 'data: unknown class "larger"; did you mean "large"?'],
    ['another number of classes', { classes: 4 }, 'data: has 4 classes, the network 3'],
    ['data that do not say how they are prepared', {}, 'and the preparation of the data is not known'],
  ])('evaluateStudent refuses %s', async (_, changes, message) => {
    await expect(evaluateStudent(logits, description, [data(changes)])).rejects.toThrow(message);
  });
});

describe('parseStudent', () => {
  test('parseStudent reads a written description', () => {
    expect(parseStudent(JSON.stringify(description), 'f')).toEqual(description);
  });

  test.each<[string, string, string]>([
    ['an empty file', '', 'f: is empty'],
    ['half a file', '{"format":', 'f: is not JSON, or is cut off'],
    [
      'a newer version',
      JSON.stringify({ ...description, version: 2 }),
      'f: is of version 2 of its format; this version of Temper reads up to 1\n  Use a newer version',
    ],
    ['a missing part', JSON.stringify({ ...description, classes: undefined }), 'classes'],
    [
      'a list of means with another length',
      JSON.stringify({ ...description, preparation: { type: 'standardise', mean: [1], deviation: [1] } }),
      'f: preparation.mean: must have 2 numbers',
    ],
    [
      'a list of names with another length',
      JSON.stringify({ ...description, inputs: { ...description.inputs, names: ['a'] } }),
      'f: inputNames: must name the 2 numbers',
    ],
  ])('parseStudent refuses %s', (_, text, message) => {
    expect(() => parseStudent(text, 'f')).toThrow(message);
  });
});
