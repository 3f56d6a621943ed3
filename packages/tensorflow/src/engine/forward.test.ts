import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {
  arrayDataSet,
  createKit,
  createRandom,
  createStudent,
  eagerEngine,
  evaluateStudent,
  Tokens,
  type DataSet,
  type Engine,
  type StepDefinition,
  type StudentDescription,
} from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { describe, expect, test } from 'vitest';
import { availableEngine, compiledEngine } from './engine.js';

/** Enough for a pass to be recorded, and a smaller last batch. */
const size = 24 * 256 + 30;

function samples(count = size): DataSet {
  const { normal } = createRandom(2).stream('samples');
  const labels = Int32Array.from({ length: count }, (_, i) => i % 3);
  const inputs = Float32Array.from({ length: 4 * count }, (_, i) => (i % 4 === labels[i >> 2] ? 1 : 0) + normal());
  return arrayDataSet({ inputs, labels, inputShape: [4], classes: 3, preparation: { type: 'none' } });
}

const description: StudentDescription = {
  format: 'temper-student',
  version: 1,
  name: 'student',
  network: 'layers',
  outputs: 'logits',
  classes: ['a', 'b', 'c'],
  labelShape: [],
  inputs: { shape: [4], dtype: 'float32' },
  preparation: { type: 'none' },
  preparedIn: 'network',
  preparationLayers: [],
};

function network(): tfl.LayersModel {
  const kernelInitializer = tfl.initializers.glorotUniform({ seed: 3 });
  return tfl.sequential({
    layers: [
      tfl.layers.dense({ units: 8, activation: 'relu', inputShape: [4], kernelInitializer }),
      tfl.layers.batchNormalization({}),
      tfl.layers.dropout({ rate: 0.5 }),
      tfl.layers.dense({ units: 3, kernelInitializer }),
    ],
  });
}

/** The engine, and the steps that it has prepared. */
function noted(engine: Engine): Engine & { readonly prepared: StepDefinition[] } {
  const prepared: StepDefinition[] = [];
  return {
    name: engine.name,
    prepared,
    prepare(step, options) {
      prepared.push(step);
      return engine.prepare(step, options);
    },
  };
}

describe('a forward pass over many samples', () => {
  test('a recorded pass gives the predictions of single operations and is freed', async () => {
    const model = network();
    await expectNoLeakedTensors(async () => {
      const inputs = (await samples().batch(Int32Array.from({ length: size }, (_, i) => i))) as { inputs: tf.Tensor; labels: tf.Tensor };
      const [engine, plain] = [noted(compiledEngine()), noted(eagerEngine)];
      const [recorded, eager] = [createStudent(model, description, { engine }), createStudent(model, description, { engine: plain })];
      const [got, expected] = [await recorded.predict(inputs.inputs), await eager.predict(inputs.inputs)];
      expect(engine.prepared).toHaveLength(1);
      expect(got.map((one) => one.class)).toEqual(expected.map((one) => one.class));
      got.forEach(({ probability }, i) => expect(probability).toBeCloseTo(expected[i]?.probability as number, 5));
      tf.dispose([inputs.inputs, inputs.labels]);
    });
    model.dispose();
  });

  test('a recorded pass gives the evaluation of single operations', async () => {
    const model = network();
    const of = (engine: Engine) => expectNoLeakedTensors(() => evaluateStudent(model, description, [samples()], { engine }));
    const [got, expected] = [await of(availableEngine()), await of(eagerEngine)];
    expect(got.confusion).toEqual(expected.confusion);
    for (const [name, value] of Object.entries(expected.metrics)) expect(got.metrics[name]).toBeCloseTo(value, 5);
    model.dispose();
  });

  test('a pass over few samples is not recorded', async () => {
    const model = network();
    const engine = noted(compiledEngine());
    await evaluateStudent(model, description, [samples(24 * 256 - 1)], { engine });
    expect(engine.prepared).toEqual([]);
    model.dispose();
  });

  test('a network that reads values back runs eagerly with a warning that names it', async () => {
    const warnings: string[] = [];
    const weights = tf.variable(tf.randomNormal([4, 3], 0, 1, 'float32', 1));
    const odd = (inputs: tf.Tensor): tf.Tensor => {
      const logits = tf.matMul(inputs as tf.Tensor2D, weights as tf.Tensor2D);
      return tf.mul(logits, (tf.max(logits).dataSync()[0] as number) > 0 ? 1 : 2);
    };
    const of = (engine: Engine) => evaluateStudent(odd, description, [samples()], { engine });
    const [got, expected] = [await of(compiledEngine({ onWarning: (message) => warnings.push(message) })), await of(eagerEngine)];
    expect(got).toEqual(expected);
    expect(warnings).toEqual([
      expect.stringMatching(/^"evaluation of student" runs operation by operation .* reads data computed from its inputs back/s),
    ]);
    weights.dispose();
  });
});

test('recorded evaluations of a run give the metrics of an eager run to the bit', {
  timeout: 60_000,
}, async () => {
  const data = { train: samples(300), validation: samples(), test: samples() };
  const run = async (engine: Engine): Promise<Record<string, number>> => {
    const kit = createKit({ plugins: [losses, models] });
    const model = { type: 'mlp', hidden: [4] } as const;
    const result = await kit.run(
      { teacher: { model, train: { epochs: 1 } }, student: { model }, temperature: 2, epochs: 2, deterministic: true },
      { data, services: (container) => void container.rebind(Tokens.Engine).toConstantValue(engine) },
    );
    [result.student, result.teacher].forEach((network) => network?.dispose());
    const { chosen, test: tested, teacherTest } = result;
    return { ...prefixed('validation', chosen.validation), ...prefixed('test', tested), ...prefixed('teacher', teacherTest ?? {}) };
  };
  const [compiled, again, eager] = [await run(compiledEngine()), await run(compiledEngine()), await run(eagerEngine)];
  expect(again).toEqual(compiled);
  expect(Object.keys(compiled)).toContain('teacher nll');
  for (const [name, value] of Object.entries(eager)) expect(compiled[name]).toBeCloseTo(value, 4);
});

const prefixed = (prefix: string, metrics: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`${prefix} ${name}`, value]));
