import * as tf from '@tensorflow/tfjs-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Network } from '../contracts/network.js';
import { createKit } from '../kit/kit.js';
import { defineLoss } from '../kit/define.js';
import { basicRun, basics, blobs } from '../train/fixtures/basic-run.js';
import { createStudent } from '../student/student.js';
import { evaluateStudent } from '../student/evaluate-student.js';
import { studentVersion, type StudentDescription } from '../student/student-file.js';

const kit = createKit({ plugins: [basics] });
// Where variables are alive, a function is called once more to find those that it depends on; these tests count calls. Other test files of
// the process may have left variables.
beforeAll(() => tf.disposeVariables());
const zeros = (x: tf.Tensor): tf.Tensor => tf.zeros([x.shape[0] as number, 3]);

/** A function that gives logits for some calls, and then does something else. */
function turning(calls: number, then: (x: tf.Tensor) => unknown): (x: tf.Tensor) => tf.Tensor {
  let made = 0;
  return (x) => (++made > calls ? (then(x) as tf.Tensor) : zeros(x));
}

const fails = (): never => {
  throw new RangeError('boom');
};
const bare = (): never => {
  throw Object.create(null) as Error;
};
const failureOf = (run: Promise<unknown>): Promise<unknown> => run.catch((caught: unknown) => caught);

test.each<[string, number, (x: tf.Tensor) => unknown, string]>([
  ['throws at once', 0, fails, 'teacher: cannot run on inputs of shape [4]: boom'],
  ['throws later', 3, fails, 'teacher: fails on inputs of shape [60, 4]: boom'],
  ['throws a value that is not an error', 3, bare, 'teacher: fails on inputs of shape [60, 4]: a thrown value without a text'],
  ['gives nothing', 0, () => undefined, 'teacher: must give one tensor of logits, got undefined'],
  ['gives nothing later', 3, () => undefined, 'teacher: must give one tensor of logits, got undefined'],
  ['gives null', 0, () => null, 'teacher: must give one tensor of logits, got null'],
  ['gives a number', 0, () => 4, 'teacher: must give one tensor of logits, got a number'],
  ['gives a promise', 0, async (x) => zeros(x).shape, 'teacher: must give one tensor of logits, got a promise'],
  [
    'gives a promise that is rejected',
    0,
    () => Promise.reject(new Error('late')),
    'teacher: must give one tensor of logits, got a promise',
  ],
  ['gives a list', 0, (x) => [zeros(x)], 'teacher: must give one tensor of logits, got a list of 1'],
  [
    'gives fewer columns later',
    3,
    (x) => tf.zeros([x.shape[0] as number, 2]),
    'teacher: gives logits of shape [60, 2] for 60 samples; expected [60, 3]',
  ],
  ['gives fewer rows later', 3, () => tf.zeros([1, 3]), 'teacher: gives logits of shape [1, 3] for 60 samples; expected [60, 3]'],
])('a teacher that %s ends the run with a message and leaves no tensors', async (_, calls, then, message) => {
  const before = tf.memory().numTensors;
  const error = await failureOf(kit.run(basicRun, { data: blobs(), teacher: turning(calls, then) }));
  expect(error).toMatchObject({ name: 'TemperError', code: 'model/invalid', fault: 'user', message: expect.stringContaining(message) });
  expect(tf.memory().numTensors).toBe(before);
});

describe('a student', () => {
  const weights = (): tf.Variable => tf.variable(tf.ones([4, 3]));
  /** A student that calls `wrong` for the calls that `is` names. */
  const studentOf = (own: tf.Variable, is: (x: tf.Tensor, training: boolean) => boolean, wrong: (x: tf.Tensor) => unknown) =>
    ((x: tf.Tensor, { training }: { training: boolean }) =>
      is(x, training) ? wrong(x) : tf.matMul(x as tf.Tensor2D, own as tf.Tensor2D)) as never;

  test.each<[string, (x: tf.Tensor, training: boolean) => boolean, (x: tf.Tensor) => unknown, string]>([
    ['gives no tensor at once', () => true, () => undefined, 'student: must give one tensor of logits, got undefined'],
    ['throws at once', () => true, fails, 'student: fails on inputs of shape [2, 4]: boom'],
    ['throws in training', (_, training) => training, fails, 'student: fails on inputs of shape [2, 4]: boom'],
    ['gives no tensor in training', (_, training) => training, () => ({}), 'student: must give one tensor of logits, got an object'],
    ['throws in validation', (x) => x.shape[0] === 30, fails, 'student: fails on inputs of shape [30, 4]: boom'],
    [
      'gives fewer rows in validation',
      (x) => x.shape[0] === 30,
      () => tf.zeros([1, 3]),
      'student: gives logits of shape [1, 3] for 30 samples; expected [30, 3]',
    ],
  ])('a student that %s ends the run with a message and leaves no tensors', async (_, is, wrong, message) => {
    const own = weights();
    const before = tf.memory().numTensors;
    const error = await failureOf(kit.run(basicRun, { data: blobs(), student: studentOf(own, is, wrong) }));
    expect(error).toMatchObject({ name: 'TemperError', code: 'model/invalid', fault: 'user', message: expect.stringContaining(message) });
    expect(tf.memory().numTensors).toBe(before);
    own.dispose();
  });
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'student: its function "tapped" must return an object with logits and taps, got undefined'],
  ['no taps', { logits: 1 }, 'student: its function "tapped" must return an object with logits and taps, got an object'],
  ['a number', { logits: 1, taps: { middle: 1 } }, 'student: its function "tapped" must return a tensor for "middle", got'],
])('a student that gives %s as intermediate outputs ends the run with a message', async (_, given, message) => {
  const own = tf.variable(tf.ones([4, 3]));
  const student: Network = {
    name: 'student',
    parameters: [own],
    buffers: [],
    logits: (x) => tf.matMul(x as tf.Tensor2D, own as unknown as tf.Tensor2D),
    tapped: () => given as never,
    dispose: () => undefined,
  };
  const taps = { student: ['middle'], teacher: [] };
  const sum = ({ student: logits }: { student: tf.Tensor }): tf.Tensor => tf.sum(logits, -1);
  const features = defineLoss({ type: 'features', options: z.object({}), create: () => Object.assign(sum, { taps }) });
  const run = createKit({ plugins: [basics, features] }).run(
    { ...basicRun, losses: { hard: { type: 'features' } }, weighting: { hard: 1 } },
    { data: blobs(), student },
  );
  expect(await failureOf(run)).toMatchObject({ name: 'TemperError', code: 'model/invalid', message: expect.stringContaining(message) });
  own.dispose();
});

test('predict and evaluateStudent report a saved student that fails', async () => {
  const description: StudentDescription = {
    format: 'temper-student',
    version: studentVersion,
    name: 'mine',
    network: 'function',
    outputs: 'logits',
    classes: ['a', 'b', 'c'],
    labelShape: [],
    inputs: { shape: [4], dtype: 'float32' },
    preparation: { type: 'none' },
    preparedIn: 'outside',
    preparationLayers: [],
  };
  const { test: part } = blobs();
  const before = tf.memory().numTensors;
  const expected = { name: 'TemperError', code: 'model/invalid', message: expect.stringContaining('mine: fails on inputs of shape') };
  expect(await failureOf(createStudent(fails, description).predict([[1, 2, 3, 4]]))).toMatchObject(expected);
  const late = turning(1, fails);
  expect(await failureOf(evaluateStudent(late, description, [{ ...part, preparation: { type: 'none' } }]))).toMatchObject(expected);
  expect(tf.memory().numTensors).toBe(before);
});
