import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import { input, layers, loadLayersModel, model, sequential, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describe, expect } from 'vitest';
import type { Preparation } from '../contracts/data.js';
import { prepare, type NumberPreparation } from '../preparation/prepare.js';
import { foldPreparation, unfoldPreparation } from './fold.js';
import { takesRawInputs } from './raw-inputs.js';

/** tfjs's own `flatten` takes no samples that are flat already. */
const flatten = (shape: number[], more: object = {}) => layers.reshape({ targetShape: [shape.reduce((a, b) => a * b, 1)], ...more });
const dense = (units: number, name?: string) => layers.dense({ units, ...(name === undefined ? {} : { name }) });

/** Networks as users build them, over samples of this shape. */
const networks: Readonly<Record<string, (shape: number[]) => LayersModel>> = {
  functional(shape) {
    const from = input({ shape, name: 'input' });
    const flat = flatten(shape).apply(from) as SymbolicTensor;
    return model({ inputs: from, outputs: dense(2).apply(dense(3).apply(flat)) as SymbolicTensor });
  },
  'with a shortcut from the input': (shape) => {
    const from = input({ shape });
    const [one, two] = [flatten(shape).apply(from), flatten(shape).apply(from)] as [SymbolicTensor, SymbolicTensor];
    return model({ inputs: from, outputs: dense(2).apply(layers.concatenate().apply([one, two])) as SymbolicTensor });
  },
  sequential: (shape) => sequential({ layers: [flatten(shape, { inputShape: shape }), dense(2)] }),
  'sequential with an input layer': (shape) => sequential({ layers: [layers.inputLayer({ inputShape: shape }), flatten(shape), dense(2)] }),
  'nested in a sequential': (shape) =>
    sequential({ layers: [sequential({ layers: [flatten(shape, { inputShape: shape }), dense(3)] }), dense(2)] }),
  'with a layer of the name that a new one would have': (shape) => {
    const from = input({ shape });
    const flat = flatten(shape, { name: 'prepare_mean' }).apply(from) as SymbolicTensor;
    return model({ inputs: from, outputs: dense(2, 'prepare_scale').apply(flat) as SymbolicTensor });
  },
};

const saved = async (network: LayersModel): Promise<tf.io.ModelArtifacts> => {
  let taken: tf.io.ModelArtifacts | undefined;
  await network.save(
    tf.io.withSaveHandler(
      async (artifacts) => ((taken = artifacts), { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) }),
    ),
  );
  return taken as tf.io.ModelArtifacts;
};
/** Through JSON, as a file keeps it. */
const loaded = (artifacts: tf.io.ModelArtifacts): Promise<LayersModel> =>
  loadLayersModel(tf.io.fromMemory({ ...artifacts, modelTopology: JSON.parse(JSON.stringify(artifacts.modelTopology)) as object }));
const logitsOf = (network: LayersModel, values: ArrayLike<number>, shape: readonly number[]): Float32Array =>
  tf.tidy(() => (network.predict(tf.tensor(Float32Array.from(values), [2, ...shape])) as tf.Tensor).dataSync<'float32'>());

const standardised = (width: number): Preparation => ({
  type: 'standardise',
  mean: Array.from({ length: width }, (_, i) => 10 ** (i - 2) * (i % 2 === 0 ? 40 : -3)),
  deviation: Array.from({ length: width }, (_, i) => 10 ** (i - 2)),
});
const cases = Object.keys(networks).flatMap((name) =>
  [[4], [2, 3, 1]].flatMap((shape) => {
    const width = shape.reduce((a, b) => a * b, 1);
    return ([{ type: 'scale', factor: 1 / 255 }, standardised(width), { type: 'none' }] as NumberPreparation[]).map(
      (preparation) => [name, shape, preparation] as const,
    );
  }),
);

describe.each(['tensorflow', 'cpu'])('on backend %s', (backend) => {
  test.each(cases)('a network %s of %j samples with %j folded in gives the same logits', async (name, shape, preparation) => {
    await tf.setBackend(backend);
    const network = (networks[name] as (typeof networks)[string])([...shape]);
    const width = shape.reduce((a, b) => a * b, 1);
    const { mean = [], deviation = [] } = preparation.type === 'standardise' ? preparation : {};
    const raw = Float32Array.from({ length: 2 * width }, (_, i) => (mean[i % width] ?? 0) + Math.sin(i) * (deviation[i % width] ?? 200));
    const artifacts = await saved(network);
    const folded = foldPreparation(artifacts, preparation, shape);
    const whole = await loaded(folded.artifacts);
    const expected = logitsOf(network, prepare(raw, preparation), shape);
    logitsOf(whole, raw, shape).forEach((value, i) => expect(value).toBeCloseTo(expected[i] as number, 5));
    expect(whole.trainableWeights.length).toBe(network.trainableWeights.length);
    expect(takesRawInputs(whole)).toBe(preparation.type !== 'none');

    const unfolded = await loaded(unfoldPreparation(folded.artifacts, folded.layers, 'student'));
    expect(takesRawInputs(unfolded)).toBe(false);
    expect(logitsOf(unfolded, prepare(raw, preparation), shape)).toEqual(expected);
    expect(unfolded.layers.map(({ name: layer }) => layer)).toEqual(network.layers.map(({ name: layer }) => layer));
    for (const one of [network, whole, unfolded]) one.dispose();
    await tf.setBackend('tensorflow');
  });

  test.prop([
    fc.double({ min: 1, max: 2000, noNaN: true }),
    fc.double({ min: 1e-20, max: 1e20, noNaN: true }),
    fc.double({ min: -3, max: 3, noNaN: true }),
  ])('large means are subtracted without a loss of float32 accuracy', async (ratio, deviation, z) => {
    await tf.setBackend(backend);
    const mean = ratio * deviation;
    const raw = Math.fround(mean + z * deviation);
    const identity = sequential({ layers: [layers.activation({ activation: 'linear', inputShape: [1] })] });
    const { artifacts } = foldPreparation(await saved(identity), { type: 'standardise', mean: [mean], deviation: [deviation] }, [1]);
    const whole = await loaded(artifacts);
    const [got] = tf.tidy(() => (whole.predict(tf.tensor2d([[raw]])) as tf.Tensor).dataSync());
    expect(Math.abs((got as number) - (raw - mean) / deviation)).toBeLessThan(2e-6);
    whole.dispose();
    await tf.setBackend('tensorflow');
  });
});

test('layers that student.json names and model.json lacks are refused', async () => {
  const artifacts = await saved((networks['functional'] as (typeof networks)[string])([4]));
  expect(() => unfoldPreparation(artifacts, ['prepare_scale'], 'runs/first/student')).toThrow(
    'runs/first/student: student.json names the layer "prepare_scale", which model.json does not have',
  );
});

test.each([
  ['a missing model', {}, 'student: model.json holds no list of layers'],
  ['a list of null', { class_name: 'Sequential', config: { layers: [null] } }, 'student: model.json holds no list of layers'],
  [
    'inputs that are none',
    {
      class_name: 'Functional',
      config: { layers: [{ class_name: 'Dense', name: 'prepare_scale', config: { name: 'prepare_scale' }, inbound_nodes: [3] }] },
    },
    'the layer "prepare_scale" has a call in inbound_nodes that is no list of its inputs',
  ],
])('%s in model.json is refused', (_, modelTopology, message) => {
  expect(() => unfoldPreparation({ modelTopology }, ['prepare_scale'], 'student')).toThrow(message);
});
