import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model, sequential, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { expectNoLeakedTensors } from '@temper/testing';
import { loadGraph, loadLayers } from './load-saved.js';
import { branched, named, saved, type Saved } from './fixtures.js';

describe('failures', () => {
  const broken: readonly [string, (given: Saved) => object][] = [
    ['a layer that is not known, after others', (given) => Object.assign(named(given, 'b'), { class_name: 'Unknown' }) && {}],
    ['shapes that do not fit', (given) => Object.assign(named(given, 'b').config, { units: 2 }) && {}],
    ['an output that is not there', (given) => Object.assign(given.modelTopology.config, { output_layers: [['z', 0, 0]] }) && {}],
    ['a weight that the file lacks', ({ weightSpecs = [] }) => ({ weightSpecs: weightSpecs.slice(1) })],
    ['weights that are cut off', ({ weightData }) => ({ weightData: (weightData as ArrayBuffer).slice(0, 50) })],
    [
      'weights of other shapes',
      ({ weightSpecs = [] }) => ({ weightSpecs: weightSpecs.map((spec) => ({ ...spec, shape: [...spec.shape].reverse() })) }),
    ],
  ];
  test.each(broken)('a failure of a layers model leaves no tensor: %s', async (_, breaks) => {
    const given = await saved(branched());
    const other = { ...given, ...breaks(given) } as Saved;
    await expectNoLeakedTensors(async () => {
      await expect(loadLayers(other)).rejects.toThrow();
    });
  });

  test('a failure of a graph model leaves no tensor', async () => {
    const modelTopology = { node: [{ name: 'x', op: 'Placeholder', input: [null] }], versions: {} };
    const weights = { weightSpecs: [{ name: 'w', shape: [2], dtype: 'float32' as const }], weightData: new ArrayBuffer(8) };
    await expectNoLeakedTensors(async () => {
      await expect(loadGraph({ modelTopology, ...weights })).rejects.toThrow();
    });
  });

  test('a failure keeps the variables of a network made at the same time', async () => {
    const given = await saved(branched());
    named(given, 'b').class_name = 'Unknown';
    const loading = expect(loadLayers(given)).rejects.toThrow('Unknown layer');
    const other = tf.variable(tf.scalar(4));
    await loading;
    expect(other.isDisposed).toBe(false);
    other.dispose();
  });
});

test('a loaded network is saved with initializers that TensorFlow.js knows', async () => {
  const loaded = await loadLayers(
    await saved(sequential({ layers: [layers.lstm({ units: 2, inputShape: [3, 2] }), layers.dense({ units: 2 })] })),
  );
  const text = JSON.stringify(loaded.toJSON(undefined, false));
  loaded.dispose();
  expect(text).toContain('"kernel_initializer":{"class_name":"Zeros","config":{}}');
  expect(text).not.toContain('Temper');
});

test('a layer without a path to an output leaves no tensor', async () => {
  await expectNoLeakedTensors(async () => {
    const x = input({ shape: [2], name: 'x' });
    const a = layers.dense({ units: 3, name: 'a' }).apply(x) as SymbolicTensor;
    const given = await saved(model({ inputs: x, outputs: layers.dense({ units: 2, name: 'b' }).apply(a) as SymbolicTensor }));
    given.modelTopology.config.output_layers = [['a', 0, 0]];
    const loaded = await loadLayers({ ...given, weightSpecs: (given.weightSpecs ?? []).filter(({ name }) => name.startsWith('a/')) });
    expect(loaded.countParams()).toBe(9);
    loaded.dispose();
  });
});

test('a layer that is called twice is disposed with its model', async () => {
  await expectNoLeakedTensors(async () => {
    const x = input({ shape: [3], name: 'x' });
    const shared = layers.dense({ units: 3, name: 'shared' });
    const network = model({ inputs: x, outputs: shared.apply(shared.apply(x)) as SymbolicTensor });
    const weights = network.weights.map((weight) => weight.read());
    const loaded = await loadLayers(await saved(network));
    tf.dispose(weights.filter(({ isDisposed }) => !isDisposed));
    loaded.dispose();
  });
});

test.each<[string, (topology: Saved['modelTopology']) => void, string]>([
  [
    'a name that changes the terminal',
    ({ config }) => (config.name = 'a\u001b[31m'),
    'the layer "a\\u001b[31m" has control characters in its name',
  ],
  [
    'an output that is named often',
    ({ config }) => (config.output_layers = Array.from({ length: 900 }, () => ['sum', 0, 0])),
    'has 900 outputs, of which only 1 differ',
  ],
])('%s is refused before TensorFlow.js prints it', async (_, change, message) => {
  await expectNoLeakedTensors(async () => {
    const given = await saved(branched());
    change(given.modelTopology);
    await expect(loadLayers(given)).rejects.toMatchObject({ code: 'model/invalid', message: expect.stringContaining(message) });
  });
});

test.each([3, 2])('a layer of %i units as the constraint of a weight leaves no tensor', async (units) => {
  await expectNoLeakedTensors(async () => {
    const given = await saved(branched());
    named(given, 'a').config['kernel_constraint'] = { class_name: 'Dense', config: { name: 'constraint', units } };
    const loaded = await loadLayers(given).catch((error: unknown) => error as Error);
    if (units === 3) (loaded as LayersModel).dispose();
    else expect((loaded as Error).message).toContain('must match');
  });
});

test.each([
  ['VarianceScaling', { scale: 1, mode: 'fanIn', distribution: 'uniform' }, 'shape'],
  ['Dense', { name: 'regularizer', units: 3 }, 'the regularizer of layer "a" does not return a number'],
])('loadLayers refuses the class %s as the regularizer of a weight', async (className, config, message) => {
  await expectNoLeakedTensors(async () => {
    const given = await saved(branched());
    named(given, 'a').config['kernel_regularizer'] = { class_name: className, config };
    await expect(loadLayers(given)).rejects.toThrow(message);
  });
});
