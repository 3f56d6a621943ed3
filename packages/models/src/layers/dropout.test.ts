import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node';
import { expectNoLeakedTensors } from '@temper/testing';
import { expect, test } from 'vitest';
import { mlp } from '../mlp.js';
import { built, reloaded } from '../testing/networks.js';

const shape = { inputShape: [1000], classes: 2, seed: 1, name: 'student' };
const seeds = (a: number, b: number): tf.Tensor1D => tf.tensor1d(Int32Array.of(a, b), 'int32');

/** What two dropout layers of one network make of ones. */
function dropped(options: { training: boolean; seed?: readonly [number, number] }, rate = 0.25): number[][] {
  const model = built(mlp({ hidden: [1000, 1000], dropout: rate }), shape);
  const outputs = tf.tidy(() =>
    ['dropout_1', 'dropout_2'].map((name) => {
      const kwargs = { training: options.training, ...(options.seed === undefined ? {} : { seed: seeds(...options.seed) }) };
      return Array.from((model.getLayer(name).apply(tf.ones([8, 1000]), kwargs) as tf.Tensor).dataSync());
    }),
  );
  model.dispose();
  return outputs;
}

test('dropout zeroes its share of values in training and keeps the mean', () => {
  const [values] = dropped({ training: true, seed: [1, 2] }) as [number[]];
  expect(new Set(values)).toEqual(new Set([0, Math.fround(4 / 3)]));
  const mean = values.reduce((a, b) => a + b) / values.length;
  expect(Math.abs(mean - 1)).toBeLessThan(5 * Math.sqrt(1 / 3 / values.length));
});

test('dropout changes nothing outside of training', () => {
  expect(
    dropped({ training: false, seed: [1, 2] })
      .flat()
      .every((value) => value === 1),
  ).toBe(true);
});

test('the noise of dropout depends on the seed alone and differs between layers', () => {
  const first = dropped({ training: true, seed: [1, 2] });
  expect(dropped({ training: true, seed: [1, 2] })).toEqual(first);
  expect(dropped({ training: true, seed: [1, 3] })).not.toEqual(first);
  expect(first[0]).not.toEqual(first[1]);
  expect(dropped({ training: true })).not.toEqual(dropped({ training: true }));
});

test('the seed of the network reaches its dropout layers, and gradients pass', async () => {
  await expectNoLeakedTensors(() => {
    const model = built(mlp({ hidden: [16], dropout: 0.5 }), { ...shape, inputShape: [4] });
    const kernel = model.getLayer('hidden_1').getWeights()[0] as tf.Tensor;
    tf.tidy(() => {
      const x = tf.ones([2, 4]);
      const run = (b: number) => tf.variableGrads(() => tf.sum(model.apply(x, { training: true, seed: seeds(7, b) }) as tf.Tensor));
      const [one, same, other] = [run(1), run(1), run(2)].map(({ value, grads }) =>
        [value, ...Object.values(grads)].map((t) => Array.from(t.dataSync())),
      );
      expect(same).toEqual(one);
      expect(other).not.toEqual(one);
      expect(one?.[1]).toHaveLength(kernel.size);
    });
    model.dispose();
  });
});

test('dropout is saved as the layer of tfjs, which reads the network', async () => {
  const model = built(mlp({ hidden: [3], dropout: 0.5 }), { ...shape, inputShape: [4] });
  const loaded = await reloaded(model);
  expect(loaded.getLayer('dropout_1').getConfig()).toMatchObject({ rate: 0.5, name: 'dropout_1' });
  expect(loaded.getLayer('dropout_1').getClassName()).toBe('Dropout');
  model.dispose();
  loaded.dispose();
});
