import '@tensorflow/tfjs-node';
import { input, layers, model, sequential, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { layerOutputs } from './layer-outputs.js';

type Parts = readonly (readonly [name: string, layer: layers.Layer])[];
const through = (x: SymbolicTensor, ...parts: layers.Layer[]): SymbolicTensor =>
  parts.reduce((value, part) => part.apply(value) as SymbolicTensor, x);
const dense = (name: string, units = 4): layers.Layer => layers.dense({ name, units });
const conv = (name: string): layers.Layer => layers.conv2d({ name, filters: 2, kernelSize: 3, padding: 'same' });
const relu = (name: string): layers.Layer => layers.activation({ name, activation: 'relu' });
const plus = (name: string, a: SymbolicTensor, b: SymbolicTensor): SymbolicTensor => layers.add({ name }).apply([a, b]) as SymbolicTensor;

const ends = (of: LayersModel): string[] =>
  layerOutputs(of)
    .filter(({ endsBlock }) => endsBlock)
    .map(({ name }) => name);
const penultimate = (of: LayersModel): string[] =>
  layerOutputs(of)
    .filter(({ isPenultimate }) => isPenultimate)
    .map(({ name }) => name);

function chain(...parts: Parts[number][1][]): LayersModel {
  const x = input({ shape: [8, 8, 1] });
  return model({ inputs: x, outputs: through(x, ...parts) });
}

test('a block of a CNN ends with its pooling, and flattening and dropout are no part of it', () => {
  const cnn = chain(
    conv('conv_1'),
    relu('relu_1'),
    layers.maxPooling2d({ name: 'pool_1', poolSize: 2 }),
    conv('conv_2'),
    layers.maxPooling2d({ name: 'pool_2', poolSize: 2 }),
    layers.dropout({ name: 'drop', rate: 0.1 }),
    layers.flatten({ name: 'flat' }),
    dense('dense_1'),
    layers.dropout({ name: 'drop_1', rate: 0.1 }),
    dense('logits', 3),
  );
  expect(ends(cnn)).toEqual(['pool_1', 'pool_2', 'dense_1']);
  expect(penultimate(cnn)).toEqual(['dense_1']);
  expect(layerOutputs(cnn).map(({ name }) => name)).not.toContain('logits');
  expect(layerOutputs(cnn).find(({ name }) => name === 'pool_2')?.shape).toEqual([2, 2, 2]);
});

test('a residual connection is inside of its block', () => {
  const x = input({ shape: [8, 8, 1] });
  let value = through(x, conv('stem_conv'), layers.batchNormalization({ name: 'stem_norm' }), relu('stem'));
  for (const name of ['block_a', 'block_b'])
    value = through(
      plus(`${name}_sum`, value, through(value, conv(`${name}_conv_1`), relu(`${name}_relu`), conv(`${name}_conv_2`))),
      relu(name),
    );
  const whole = model({
    inputs: x,
    outputs: through(value, layers.globalAveragePooling2d({ name: 'features' }), dense('logits', 3)),
  });
  expect(ends(whole)).toEqual(['stem', 'block_a', 'block_b']);
  expect(penultimate(whole)).toEqual(['features']);
});

test('a part that continues the name of a block, and an embedding, are no blocks of their own', () => {
  const x = input({ shape: [5], dtype: 'int32' });
  let value = through(x, layers.embedding({ name: 'tokens', inputDim: 7, outputDim: 4 }));
  for (const name of ['block_1', 'block_2']) {
    value = plus(`${name}_sum`, value, through(value, dense(`${name}_attention`)));
    value = plus(name, value, through(value, dense(`${name}_feed_forward`)));
  }
  const whole = model({ inputs: x, outputs: through(value, layers.layerNormalization({ name: 'features' }), dense('logits', 7)) });
  expect(ends(whole)).toEqual(['block_1', 'block_2']);
  expect(penultimate(whole)).toEqual(['features']);
  expect(layerOutputs(whole).find(({ name }) => name === 'block_1')?.shape).toEqual([5, 4]);
});

test('a sequential model and a model in a model have blocks', () => {
  const inner = sequential({ name: 'backbone', layers: [layers.dense({ units: 4, inputShape: [6] }), dense('inner')] });
  expect(
    ends(sequential({ layers: [layers.dense({ name: 'first', units: 4, inputShape: [6] }), dense('second'), dense('logits')] })),
  ).toEqual(['first', 'second']);
  expect(ends(sequential({ layers: [layers.dense({ name: 'first', units: 6, inputShape: [6] }), inner, dense('logits')] }))).toEqual([
    'first',
    'backbone',
  ]);
});

test('layers that differ by a number are blocks of their own', () => {
  const names = ['dense', 'dense_1', 'dense_2'];
  const parts = names.map((name, i) => layers.dense({ name, units: 4, ...(i === 0 ? { inputShape: [6] } : {}) }));
  expect(ends(sequential({ layers: [...parts, dense('logits')] }))).toEqual(names);
});

test('a linear classifier has no blocks, and a layer that is used twice is left out', () => {
  expect(layerOutputs(sequential({ layers: [layers.dense({ units: 3, inputShape: [6] })] }))).toEqual([]);
  const shared = dense('shared', 6);
  const x = input({ shape: [6] });
  const twice = model({ inputs: x, outputs: through(x, shared, relu('between'), shared, dense('logits')) });
  expect(layerOutputs(twice).map(({ name }) => name)).not.toContain('shared');
});
