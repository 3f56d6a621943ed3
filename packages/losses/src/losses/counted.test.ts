import * as tf from '@tensorflow/tfjs-node';
import { createKit, type DataSet } from '@temper/core';
import { describe, expect, test } from 'vitest';
import { losses } from '../index.js';
import { divergenceOfLogs, logSoftmax } from './support/float64.js';

const kit = createKit({ plugins: [losses] });
const [classes, length, vocabulary, temperature] = [3, 4, 5, 2];
/** Tokens and labels; four sequences with 4, 4, 1 and 1 positions that count. */
const rows = [
  { x: [1, 2, 3, 4], y: [0, 1, 2, 0] },
  { x: [2, 3, 4, 1], y: [1, 1, 0, 2] },
  { x: [3, 0, 0, 0], y: [2, -100, -100, -100] },
  { x: [4, 0, 0, 0], y: [1, -100, -100, -100] },
];
const positions = rows.flatMap(({ x, y }) => x.map((token, i) => ({ token, label: y[i] as number }))).filter(({ label }) => label >= 0);

/** How the data say what does not count. */
type Form = 'labels' | 'mask' | 'both';

function dataSet(form: Form): DataSet {
  return {
    size: rows.length,
    inputShape: [length],
    classes,
    batch(indices) {
      const picked = [...indices].map((i) => rows[i] as (typeof rows)[number]);
      const labels = picked.map(({ y }) => y.map((label) => (label < 0 && form === 'mask' ? 0 : label)));
      return {
        inputs: tf.tensor2d(
          picked.map(({ x }) => x),
          [picked.length, length],
          'float32',
        ),
        labels: tf.tensor2d(labels, [picked.length, length], 'int32'),
        ...(form === 'labels' ? {} : { mask: tf.tensor2d(picked.map(({ y }) => y.map((label) => (label < 0 ? 0 : 1)))) }),
      };
    },
  };
}

/** Logits of each token, straight from a table; they are different numbers for each seed. */
const table = (seed: number): number[][] =>
  Array.from({ length: vocabulary }, (_, token) =>
    Array.from({ length: classes }, (_c, c) => Math.fround(2 * Math.sin(7 * seed + 3 * token + 5 * c))),
  );

/** What one update of gradient descent with rate 1 takes from each logit of the table. */
async function moved(form: Form, config: object): Promise<number[]> {
  const network = (seed: number) => tf.tidy(() => tf.variable(tf.tensor2d(table(seed))));
  const [student, teacher] = [network(1), network(2)];
  const data = dataSet(form);
  const before = [...student.dataSync()];
  const from = (weights: tf.Variable) => (inputs: tf.Tensor) =>
    tf.reshape(
      tf.matMul(
        tf.oneHot(tf.cast(tf.reshape(inputs, [-1]), 'int32'), vocabulary, 1, 0, 'float32') as tf.Tensor2D,
        weights as tf.Tensor as tf.Tensor2D,
      ),
      [inputs.shape[0], length, classes],
    );
  const run = { epochs: 1, temperature, keep: 'last' as const, batchSize: 4, optimizer: { type: 'sgd', learningRate: 1 }, ...config };
  await kit.run(run as never, { data: { train: data, validation: data, test: data }, student: from(student), teacher: from(teacher) });
  const after = [...student.dataSync()];
  student.dispose();
  teacher.dispose();
  return before.map((value, i) => value - (after[i] as number));
}

/** Numerical gradient in float64 of the mean over the positions that count. */
function gradient(loss: (student: number[], teacher: number[], label: number) => number): number[] {
  const [student, teacher] = [table(1), table(2)];
  const mean = (): number =>
    positions.reduce((sum, { token, label }) => sum + loss(student[token] as number[], teacher[token] as number[], label), 0) /
    positions.length;
  return student.flatMap((row) =>
    row.map((value, c) => {
      const at = (x: number): number => ((row[c] = x), mean());
      const slope = (at(value + 1e-5) - at(value - 1e-5)) / 2e-5;
      row[c] = value;
      return slope;
    }),
  );
}

const hard = (student: number[], label: number): number => -(logSoftmax(student, 1)[label] as number);
const soft = (student: number[], teacher: number[]): number =>
  temperature ** 2 * divergenceOfLogs(logSoftmax(teacher, temperature), logSoftmax(student, temperature));

describe.each<Form>(['labels', 'mask', 'both'])('padding marked by %s', (form) => {
  test.each<[string, object, (student: number[], teacher: number[], label: number) => number]>([
    ['hard loss', { weighting: { soft: 0, hard: 1 } }, (s, _, label) => hard(s, label)],
    ['soft loss', { weighting: { soft: 1, hard: 0 } }, (s, t) => soft(s, t)],
    ['both', { weighting: { soft: 1, hard: 1 } }, (s, t, label) => hard(s, label) + soft(s, t)],
    [
      'both, in micro-batches of 2',
      { weighting: { soft: 1, hard: 1 }, batchSize: 2, accumulate: 2 },
      (s, t, label) => hard(s, label) + soft(s, t),
    ],
    [
      'both, in micro-batches of 1',
      { weighting: { soft: 1, hard: 1 }, batchSize: 1, accumulate: 4 },
      (s, t, label) => hard(s, label) + soft(s, t),
    ],
    [
      'mean squared error',
      { losses: { soft: { type: 'mse' } }, weighting: { soft: 1 } },
      (s, t) => s.reduce((sum, z, c) => sum + (z - (t[c] as number)) ** 2, 0) / classes,
    ],
  ])('an update by the %s uses the positions that count', async (_, config, loss) => {
    const want = gradient(loss);
    (await moved(form, config)).forEach((value, i) => expect(value).toBeCloseTo(want[i] as number, 5));
  });
});
