import * as tf from '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import { expectNoLeakedTensors } from '@temper/testing';
import { averaging, keptAt } from './moving-average.js';

/** The average follows an update that leaves the parameter as it is. */
const follow = (average: { decay: number; shadows: tf.Variable[] }, parameters: tf.Variable[], kept: tf.Scalar): void =>
  averaging(average, parameters, kept).apply({}, () => undefined, { learningRate: tf.scalar(0) });

const variable = (value: number): tf.Variable => tf.tidy(() => tf.variable(tf.scalar(value)));

test.each([0.5, 0.9, 0.999, 0.99999])('the average with decay %s is weighted by decay^age from the first update on', async (decay) => {
  await expectNoLeakedTensors(() => {
    // As after 1, 2, 3, … updates; the untrained weight is far from all of them.
    const weights = [3, -1, 4, 1, -5, 9, 2, -6];
    const [parameter, shadow] = [variable(1000), variable(1000)];
    weights.forEach((weight, i) => {
      tf.tidy(() => {
        parameter.assign(tf.scalar(weight));
        follow({ decay, shadows: [shadow] }, [parameter], tf.scalar(keptAt(decay, i + 1)));
      });
      const shares = weights.slice(0, i + 1).map((_, j) => decay ** (i - j));
      const mean = shares.reduce((sum, share, j) => sum + share * (weights[j] as number), 0) / shares.reduce((a, b) => a + b);
      expect(shadow.dataSync()[0]).toBeCloseTo(mean, 4);
      if (i === 0) expect(shadow.dataSync()[0]).toBe(weight);
    });
    tf.dispose([parameter, shadow]);
  });
});

test('the average of a constant weight equals it to the bit', () => {
  const [parameter, shadow] = [variable(0.1), variable(0.1)];
  tf.tidy(() => {
    for (let n = 1; n <= 50; n++) follow({ decay: 0.97, shadows: [shadow] }, [parameter], tf.scalar(keptAt(0.97, n)));
  });
  expect(shadow.dataSync()[0]).toBe(parameter.dataSync()[0]);
  tf.dispose([parameter, shadow]);
});
