import * as tf from '@tensorflow/tfjs-node';
import { input, layers, model, regularizers, sequential, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { expectNoLeakedTensors } from '@temper/testing';
import { trainedOf } from './frozen.js';
import { networkOf } from '../../networks/networks.js';

const l2 = (): ReturnType<typeof regularizers.l2> => regularizers.l2({ l2: 0.5 });

/** A model within a model, with batch normalization and penalties in both. */
function nested(): LayersModel {
  const backbone = sequential({
    name: 'backbone',
    layers: [
      layers.dense({ name: 'inner', inputShape: [3], units: 4, kernelRegularizer: l2() }),
      layers.batchNormalization({ name: 'inner_norm' }),
    ],
  });
  const from = input({ shape: [3] });
  const normal = layers.batchNormalization({ name: 'outer_norm' }).apply(backbone.apply(from)) as SymbolicTensor;
  return model({
    inputs: from,
    outputs: layers.dense({ name: 'head', units: 2, kernelRegularizer: l2(), biasRegularizer: l2() }).apply(normal) as SymbolicTensor,
  });
}

const statistics = (of: LayersModel): Record<string, number[]> =>
  Object.fromEntries(
    of.weights
      .filter(({ originalName }) => originalName.includes('moving'))
      .map((weight) => [weight.originalName, [...weight.read().dataSync()]]),
  );

/** Which layers' moving averages a call in training moves. */
function moved(of: LayersModel, frozen: readonly string[]): string[] {
  const network = networkOf(of, 'net');
  const { still } = trainedOf(network, { frozen, path: [] });
  const before = statistics(of);
  tf.tidy(() => {
    network.logits(tf.add(tf.randomNormal([8, 3], 0, 1, 'float32', 1), 2), { training: true, still });
  });
  const after = statistics(of);
  return [
    ...new Set(
      Object.keys(before)
        .filter((name) => String(after[name]) !== String(before[name]))
        .map((name) => name.split('/')[0] as string),
    ),
  ];
}

describe('frozen batch normalization', () => {
  test.each<[readonly string[], readonly string[]]>([
    [[], ['inner_norm', 'outer_norm']],
    [['inner_norm'], ['outer_norm']],
    [['outer_norm/gamma'], ['inner_norm', 'outer_norm']],
    [['outer_norm/gamma', 'outer_norm/beta'], ['inner_norm']],
    [['backbone'], ['outer_norm']],
    [['backbone/inner_norm'], ['outer_norm']],
    [['*_norm'], []],
  ])('frozen batch normalization keeps its averages for %j', async (frozen, want) => {
    await expectNoLeakedTensors(() => {
      const net = nested();
      expect(moved(net, frozen)).toEqual(want);
      net.dispose();
    });
  });

  test('batch normalization with trainable false keeps its averages', () => {
    const net = nested();
    net.getLayer('outer_norm').trainable = false;
    expect(moved(net, [])).toEqual(['inner_norm']);
    net.getLayer('backbone').trainable = false;
    expect(moved(net, [])).toEqual([]);
    net.dispose();
  });

  test('frozen batch normalization uses its averages, and the model stays unchanged', () => {
    const net = nested();
    const network = networkOf(net, 'net');
    const x = tf.add(tf.randomNormal([8, 3], 0, 1, 'float32', 1), 2);
    const logits = (still: readonly string[]): number[] =>
      tf.tidy(() => [...network.logits(x, { training: true, still: new Set(still) }).dataSync()]);
    const outside = tf.tidy(() => [...network.logits(x, { training: false }).dataSync()]);
    const all = network.layers?.map(({ path }) => path) ?? [];
    expect(logits(all)).toEqual(outside);
    expect(logits([])).not.toEqual(outside);
    expect(Object.hasOwn(net.getLayer('outer_norm'), 'call')).toBe(false);
    x.dispose();
    net.dispose();
  });

  test('a name that matches no layer is refused with the names of all layers', () => {
    const net = nested();
    expect(() => trainedOf(networkOf(net, 'net'), { frozen: ['backbon'], path: [] })).toThrow(
      'frozen[0]: unknown layer "backbon"; did you mean "backbone"?',
    );
    expect(() => trainedOf(networkOf(net, 'net'), { frozen: ['*'], path: [] })).toThrow('nothing can be trained');
    net.dispose();
  });
});

describe('penalties of layers', () => {
  const values = (of: LayersModel, frozen: readonly string[] = []): number[] => {
    const { penalties } = trainedOf(networkOf(of, 'net'), { frozen, path: [] });
    return tf.tidy(() => penalties.map(({ value }) => value().dataSync()[0] as number));
  };
  const sumOfSquares = (of: LayersModel, name: string): number =>
    [
      ...(of.weights
        .find(({ originalName }) => originalName === name)
        ?.read()
        .dataSync() ?? []),
    ].reduce((sum, w) => sum + w * w, 0);

  test('penalties within nested models count, and those on frozen weights do not', async () => {
    await expectNoLeakedTensors(() => {
      const net = nested();
      const [inner, head] = [0.5 * sumOfSquares(net, 'inner/kernel'), 0.5 * sumOfSquares(net, 'head/kernel')];
      const close = (got: readonly number[], want: readonly number[]): void => {
        expect(got).toHaveLength(want.length);
        want.forEach((value, i) => expect(got[i]).toBeCloseTo(value, 5));
      };
      close(values(net), [inner, head, 0]);
      close(values(net, ['backbone']), [head, 0]);
      close(values(net, ['head/kernel']), [inner, 0]);
      close(values(net, ['inner', 'head/kernel']), [0]);
      net.getLayer('head').trainable = false;
      close(values(net), [inner]);
      net.dispose();
    });
  });

  test('penalties of shared, wrapped and recurrent layers count once', () => {
    const shared = layers.dense({ name: 'shared', units: 3, kernelRegularizer: l2() });
    const from = input({ shape: [5, 3] });
    const each = layers
      .timeDistributed({ layer: layers.dense({ name: 'each', units: 3, kernelRegularizer: l2() }) })
      .apply(shared.apply(shared.apply(from))) as SymbolicTensor;
    const last = layers.simpleRNN({ name: 'rnn', units: 2, kernelRegularizer: l2() }).apply(each) as SymbolicTensor;
    const net = model({ inputs: from, outputs: last });
    const found = values(net);
    expect(found).toHaveLength(3);
    expect(found.reduce((a, b) => a + b)).toBeCloseTo(
      0.5 *
        net.weights
          .filter(({ originalName }) => originalName.endsWith('/kernel'))
          .reduce((sum, { originalName }) => sum + sumOfSquares(net, originalName), 0),
      4,
    );
    net.dispose();
  });
});
