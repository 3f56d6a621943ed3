import * as tf from '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import { TemperError } from '../../errors.js';
import { run } from '../fixtures/fixture-run.js';
import { blobs } from '../fixtures/basic-run.js';
import { memoryStore, withStore } from '../fixtures/memory-store.js';

/** Data whose test samples are larger than all others, and a teacher that gives NaN for such. */
const data = () => {
  const splits = blobs();
  const { batch } = splits.test;
  return {
    ...splits,
    test: {
      ...splits.test,
      batch: async (indices: Int32Array) => {
        const given = await batch(indices);
        const inputs = tf.tidy(() => tf.add(given.inputs, 100));
        given.inputs.dispose();
        return { ...given, inputs };
      },
    },
  };
};
const teacher = (x: tf.Tensor): tf.Tensor => tf.sqrt(tf.sub(50, tf.slice(x as tf.Tensor2D, [0, 0], [-1, 3])));

/** A store that notes what is saved. */
function noting() {
  const saved: string[] = [];
  return { ...memoryStore(), saved, saveNetwork: async (name: string) => void saved.push(name) };
}

test('a teacher that gives NaN for a test sample loses its comparison alone', async () => {
  const store = noting();
  const { result } = await run({ teacher: undefined }, { data: data(), teacher: teacher as never, ...withStore(store) });
  expect(store.saved).toEqual(['student', 'student']);
  expect(Object.keys(result.test)).toEqual(['accuracy', 'nll', 'brier', 'ece']);
  expect(result.teacherTest).toBeUndefined();
  expect(result.warnings).toHaveLength(1);
  expect(result.warnings[0]).toMatch(
    /teacher gives NaN as a logit for sample 0; the comparison with the teacher on the test data is omitted/,
  );
});

test('a student that gives NaN for a test sample is saved before the run fails', async () => {
  const store = noting();
  const scale = tf.variable(tf.scalar(1));
  const student = (x: tf.Tensor): tf.Tensor => tf.mul(scale, teacher(x));
  const alone = { teacher: undefined, student: undefined, losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 } };
  const error = await run(alone, { data: data(), student: student as never, ...withStore(store) }).catch(
    (caught: unknown) => caught as TemperError,
  );
  scale.dispose();
  expect(store.saved).toEqual(['student']);
  expect(error).toMatchObject({ code: 'run/non-finite' });
  expect((error as Error).message).toMatch(/evaluation of the student on the test data gives .*nll NaN/);
});
