import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model, sequential, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { limits } from '../../limits.js';
import { expectNoLeakedTensors } from '@temper/testing';
import { loadGraph, loadLayers } from './load-saved.js';

interface Layer {
  class_name: string;
  name?: string;
  config: Record<string, unknown>;
  inbound_nodes?: unknown;
}

interface Saved extends tf.io.ModelArtifacts {
  modelTopology: { class_name: string; config: { name: string; layers: Layer[]; input_layers: unknown; output_layers: unknown } };
}

/** A network as it is saved; it is disposed. */
async function saved(network: LayersModel): Promise<Saved> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await network.save(
    tf.io.withSaveHandler(async (given) => ((artifacts = given), { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(given) })),
  );
  network.dispose();
  return { ...artifacts, modelTopology: structuredClone((artifacts as Saved).modelTopology) };
}

/** x → a → b, and a + b. */
function branched(): LayersModel {
  const x = input({ shape: [2], name: 'x' });
  const a = layers.dense({ units: 3, name: 'a' }).apply(x) as SymbolicTensor;
  const b = layers.dense({ units: 3, name: 'b' }).apply(a) as SymbolicTensor;
  return model({ inputs: x, outputs: layers.add({ name: 'sum' }).apply([a, b]) as SymbolicTensor });
}

const named = ({ modelTopology }: Saved, name: string): Layer => modelTopology.config.layers.find((one) => one.name === name) as Layer;

describe('connections on which TensorFlow.js would not terminate', () => {
  test.each<[string, unknown, string]>([
    ['a circle', [[['sum', 0, 0, {}]]], 'which is never made: it is missing, or the layers form a circle'],
    ['a layer that takes its own output', [[['a', 0, 0, {}]]], 'the layer "a" takes its input from call 1 of the layer "a"'],
    ['a layer that does not exist', [[['y', 0, 0, {}]]], 'the layer "a" takes its input from the layer "y", which is not in the model'],
    ['a call that is not made', [[['x', 1, 0, {}]]], 'takes its input from call 2 of the layer "x", which is never made'],
    ['a call far away', [[['x', 1e15, 0, {}]]], 'which is never made'],
    ['a negative call', [[['x', -1, 0, {}]]], 'that is not [layer, call, output]'],
    ['a list as a call', [[['x', [7], 0, {}]]], 'that is not [layer, call, output]'],
    ['no list of its calls', null, 'has no list inbound_nodes'],
    ['a call that is not a list', ['x'], 'that is no list of its inputs'],
  ])('connections with %s are refused', async (_, calls, message) => {
    await expectNoLeakedTensors(async () => {
      const given = await saved(branched());
      named(given, 'a').inbound_nodes = calls;
      await expect(loadLayers(given)).rejects.toMatchObject({ code: 'model/invalid', message: expect.stringContaining(message) });
    });
  });

  test('a circle within a model or within a wrapper is refused', async () => {
    const inside = await saved(branched());
    named(inside, 'b').inbound_nodes = [[['sum', 0, 0, {}]]];
    const wrapped = { class_name: 'TimeDistributed', config: { name: 'each', layer: inside.modelTopology } };
    for (const layer of [inside.modelTopology, wrapped]) {
      const modelTopology = { class_name: 'Sequential', config: { name: 'outer', layers: [layer] } };
      await expect(loadLayers({ ...inside, modelTopology })).rejects.toThrow('which is never made');
    }
  });

  test('two layers with one name and a layer with two names are refused', async () => {
    const [twice, other] = [await saved(branched()), await saved(branched())];
    Object.assign(named(twice, 'b'), { name: 'a', config: { ...named(twice, 'b').config, name: 'a' } });
    await expect(loadLayers(twice)).rejects.toThrow('the layer "a" is in the model twice');
    named(other, 'b').config['name'] = 'c';
    await expect(loadLayers(other)).rejects.toThrow('the layer "b" has another name in its config: "c"');
  });

  test('a layer that is called twice is accepted for any order of the layers', async () => {
    const x = input({ shape: [3], name: 'x' });
    const shared = layers.dense({ units: 3, name: 'shared' });
    const between = layers.reLU({ name: 'between' });
    const twice = shared.apply(between.apply(shared.apply(x))) as SymbolicTensor;
    const network = model({ inputs: x, outputs: twice });
    const values = tf.tidy(() => [...(network.predict(tf.ones([1, 3])) as tf.Tensor).dataSync()]);
    const given = await saved(network);
    given.modelTopology.config.layers.reverse();
    const loaded = await loadLayers(given);
    expect(tf.tidy(() => [...(loaded.predict(tf.ones([1, 3])) as tf.Tensor).dataSync()])).toEqual(values);
    loaded.dispose();
  });
});

describe('sizes', () => {
  test('models that call models are counted at each call', async () => {
    let inner = (await saved(branched())).modelTopology as unknown as Layer;
    for (let depth = 0; depth < 20; depth++) {
      const name = `level_${depth}`;
      const own = String(inner.config['name']);
      const start: Layer = {
        class_name: 'InputLayer',
        name: 'start',
        config: { name: 'start', batch_input_shape: [null, 2] },
        inbound_nodes: [],
      };
      const called = { ...inner, name: own, inbound_nodes: [[['start', 0, 0, {}]], [[own, 1, 0, {}]]] };
      inner = {
        class_name: 'Functional',
        config: { name, layers: [start, called], input_layers: [['start', 0, 0]], output_layers: [[own, 2, 0]] },
      };
    }
    await expect(loadLayers({ modelTopology: inner })).rejects.toThrow(`more than ${limits.modelLayers.toLocaleString('en-US')} layers`);
  });

  test('a topology that nests too deeply is refused', async () => {
    let deep: unknown = [];
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    const modelTopology = { class_name: 'Sequential', config: { name: 'deep', layers: [deep] } };
    await expect(loadLayers({ modelTopology })).rejects.toThrow(`more than ${limits.modelDepth} levels`);
  });

  test.each([1e4, 1e9, 1e15])('a layer of %d units is refused when the file has fewer', async (units) => {
    await expectNoLeakedTensors(async () => {
      const given = await saved(branched());
      named(given, 'b').config['units'] = units;
      // Without the option, TensorFlow.js would draw random numbers.
      delete named(given, 'b').config['kernel_initializer'];
      await expect(loadLayers(given)).rejects.toThrow(`weights of shape [3, ${units}]; the largest in the file holds 9 numbers`);
    });
  });
});

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
