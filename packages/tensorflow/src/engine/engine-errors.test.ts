import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { smallStep, type SmallStepParts } from '../testing/small-step.js';
import { engine } from '../testing/warning-engine.js';

describe('errors', () => {
  test('an error of the step is thrown unchanged and leaves the state unchanged', async () => {
    let broken = false;
    const parts: SmallStepParts = {
      learningRate: ({ learningRate }) => {
        if (broken) throw new RangeError('no such rate');
        return learningRate as tf.Tensor;
      },
    };
    const small = smallStep(parts);
    const step = engine.prepare(small.definition);
    const before = small.parameters.map((one) => Array.from(one.dataSync()));
    broken = true;
    await expectNoLeakedTensors(() =>
      expect(() =>
        tf.tidy(() =>
          step.run(
            { x: tf.ones([1, 12]), teacher: tf.ones([1, 5]), labels: tf.tensor1d([0], 'int32') },
            { temperature: 1, soft: 1, hard: 1, learningRate: 1 },
          ),
        ),
      ).toThrow('no such rate'),
    );
    expect(small.parameters.map((one) => Array.from(one.dataSync()))).toEqual(before);
    step.dispose();
    small.dispose();
  });

  test('an error of TensorFlow names the step', () => {
    const table = tf.variable(tf.ones([3, 1]));
    const step = engine.prepare({
      name: 'lookup',
      state: [table],
      body: ({ at }) => ({ found: tf.gather(table as tf.Tensor, at as tf.Tensor1D) }),
    });
    const run = (index: number) => tf.tidy(() => step.run({ at: tf.tensor1d([index], 'int32') }, {}));
    for (let i = 0; i < 3; i++) tf.dispose(run(i) as tf.NamedTensorMap);
    expect(() => run(7)).toThrow(/"lookup" failed.*7 is not in \[0, 3\)/s);
    tf.dispose(run(1) as tf.NamedTensorMap);
    step.dispose();
    expect(() => run(1)).toThrow('after it was disposed');
    table.dispose();
  });

  test('a backend that cannot record is named', async () => {
    await tf.setBackend('cpu');
    try {
      expect(() => engine.prepare({ name: 'none', state: [], body: () => ({}) })).toThrow('the backend in use is "cpu"');
    } finally {
      await tf.setBackend('tensorflow');
    }
  });
});
