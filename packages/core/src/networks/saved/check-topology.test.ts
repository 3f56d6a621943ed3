import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { limits } from '../../limits.js';
import { expectNoLeakedTensors } from '@temper/testing';
import { loadLayers } from './load-saved.js';
import { branched, named, saved, type Layer } from './fixtures.js';

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
