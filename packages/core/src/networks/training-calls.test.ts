import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node';
import { layers, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { expectNoLeakedTensors } from '@temper/testing';
import { layersNetwork } from './layers-network.js';

const noise = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 1, 2, 'float32', seed);

describe('batch normalization', () => {
  type Options = Parameters<typeof layers.batchNormalization>[0];
  const normalizing = (shape: number[], options: Options): LayersModel =>
    sequential({ layers: [layers.batchNormalization({ inputShape: shape, ...options })] });

  /** Outputs, gradients of all trained weights by their names, and moving averages after a call in training. */
  function trained(model: LayersModel, x: tf.Tensor, weigh: tf.Tensor): Record<string, number[]> {
    const network = layersNetwork(model, 'student');
    const names = model.trainableWeights.map(({ originalName }) => originalName.split('/').pop() as string);
    // tfjs asks for at least one variable, which a normalization without weights has not.
    const shift = tf.variable(tf.scalar(0));
    const { grads, value } = tf.variableGrads(
      () => tf.add(tf.sum(tf.mul(network.logits(x, { training: true }), weigh)), shift) as tf.Scalar,
      [...network.parameters, shift],
    );
    const moving = network.buffers.map((buffer, i) => [`moving ${i}`, [...buffer.dataSync()]] as const);
    return {
      sum: [...value.dataSync()],
      ...Object.fromEntries(network.parameters.map(({ name }, i) => [names[i] as string, [...(grads[name] as tf.Tensor).dataSync()]])),
      ...Object.fromEntries(moving),
    };
  }

  test.each([{ scale: false }, { center: false }, { scale: false, center: false }])(
    'batch normalization with %j trains as with weights of 1 and 0',
    (options) => {
      const [x, weigh] = [noise([8, 5], 1), noise([8, 5], 2)];
      const full = trained(normalizing([5], {}), x, weigh);
      const found = trained(normalizing([5], options), x, weigh);
      expect(Object.keys(found)).toEqual(
        Object.keys(full).filter((name) => !('scale' in options && name === 'gamma') && !('center' in options && name === 'beta')),
      );
      for (const [name, values] of Object.entries(found)) expect(values, name).toEqual(full[name]);
    },
  );

  test('batch normalization over the first axis equals the last one transposed', () => {
    const [x, weigh] = [noise([6, 4, 3, 2], 3), noise([6, 4, 3, 2], 4)];
    const turned = (one: tf.Tensor): tf.Tensor => tf.transpose(one, [0, 2, 3, 1]);
    const wanted = trained(normalizing([3, 2, 4], {}), turned(x), turned(weigh));
    const found = trained(normalizing([4, 3, 2], { axis: 1 }), x, weigh);
    expect(Object.keys(found)).toEqual(['sum', 'gamma', 'beta', 'moving 0', 'moving 1']);
    for (const [name, values] of Object.entries(found))
      values.forEach((value, i) => expect(value, name).toBeCloseTo(wanted[name]?.[i] as number, 3));
  });

  test('batch normalization is restored after the call and leaves no tensor', async () => {
    const model = normalizing([5], { scale: false });
    const network = layersNetwork(model, 'student');
    const layer = model.layers[0] as layers.Layer & { gamma?: unknown; axis: number };
    const x = tf.zeros([2, 5]);
    await expectNoLeakedTensors(() => tf.dispose(network.logits(x, { training: true })));
    expect(Object.hasOwn(layer, 'call')).toBe(false);
    expect([layer.gamma, layer.axis]).toEqual([undefined, -1]);
  });
});

describe('layers of noise', () => {
  const shape = [40, 50];
  const networkOf = (...parts: layers.Layer[]) =>
    layersNetwork(sequential({ layers: [layers.activation({ activation: 'linear', inputShape: shape }), ...parts] }), 'student');
  const kinds: Record<string, () => layers.Layer> = {
    dropout: () => layers.dropout({ rate: 0.3 }),
    gaussianNoise: () => layers.gaussianNoise({ stddev: 0.5 }),
    gaussianDropout: () => layers.gaussianDropout({ rate: 0.2 }),
    alphaDropout: () => layers.alphaDropout({ rate: 0.1 }),
    spatialDropout1d: () => layers.spatialDropout1d({ rate: 0.3 }),
  };
  const seed = (n: number): tf.Tensor1D => tf.tensor1d([n, 7], 'int32');
  const run = (network: ReturnType<typeof networkOf>, n: number, training = true): number[] => [
    ...network.logits(tf.ones([3, ...shape]), { training, seed: seed(n) }).dataSync(),
  ];

  test.each(Object.entries(kinds))('noise of %s depends on the seed of the update', (_, make) => {
    const network = networkOf(make());
    expect(run(network, 1)).toEqual(run(network, 1));
    expect(run(network, 1)).not.toEqual(run(network, 2));
    expect(new Set(run(network, 1, false))).toEqual(new Set([1]));
  });

  test.each([
    ['dropout', 1, Math.sqrt(0.3 / 0.7)],
    ['gaussianNoise', 1, 0.5],
    ['gaussianDropout', 1, Math.sqrt(0.2 / 0.8)],
    ['spatialDropout1d', 1, Math.sqrt(0.3 / 0.7)],
  ])('%s has mean %d and standard deviation %d', (kind, mean, deviation) => {
    const network = networkOf((kinds[kind] as () => layers.Layer)());
    const values = [1, 2, 3, 4].flatMap((n) => run(network, n));
    const found = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - found) ** 2, 0) / values.length);
    expect(found).toBeCloseTo(mean, 1);
    expect(spread).toBeCloseTo(deviation, 1);
  });

  test('alphaDropout keeps mean 0 and variance 1 of its inputs', () => {
    const network = networkOf(layers.alphaDropout({ rate: 0.1 }));
    const x = tf.randomNormal([30, ...shape], 0, 1, 'float32', 5);
    const { mean, variance } = tf.moments(network.logits(x, { training: true, seed: seed(1) }));
    expect(mean.dataSync()[0]).toBeCloseTo(0, 1);
    expect(variance.dataSync()[0]).toBeCloseTo(1, 1);
  });

  test('two layers of one network get different noise', () => {
    const [one, two] = [
      networkOf(layers.dropout({ rate: 0.5 })),
      networkOf(layers.activation({ activation: 'linear' }), layers.dropout({ rate: 0.5 })),
    ];
    expect(run(one, 1)).not.toEqual(run(two, 1));
  });

  test('spatialDropout1d drops whole channels', () => {
    const channels = networkOf(layers.spatialDropout1d({ rate: 0.5 })).logits(tf.ones([1, ...shape]), { training: true, seed: seed(1) });
    expect([...tf.equal(tf.max(channels, 1), tf.min(channels, 1)).dataSync()].every(Boolean)).toBe(true);
  });

  test.each(['lstm', 'gru', 'simpleRNN'] as const)('dropout within %s depends on the seed of the update', (kind) => {
    const network = networkOf(layers[kind]({ units: 4, dropout: 0.3, recurrentDropout: 0.2 }));
    expect(run(network, 1)).toEqual(run(network, 1));
    expect(run(network, 1)).not.toEqual(run(network, 2));
  });
});
