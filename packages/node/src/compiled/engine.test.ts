import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { eagerEngine, type Engine, type StepDefinition } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/core/testing';
import { expect, test } from 'vitest';
import { compiledEngine } from './engine.js';

const sizes = [12, 16, 8, 5];

/** A small network trained by soft and hard targets, with momentum; all numbers are inputs. */
function smallStep(): StepDefinition & { readonly parameters: tf.Variable[] } {
  const parameters: tf.Variable[] = [];
  for (let i = 0; i < sizes.length - 1; i++) {
    const [from, to] = [sizes[i] as number, sizes[i + 1] as number];
    parameters.push(...tf.tidy(() => [tf.variable(tf.randomNormal([from, to], 0, 0.5, 'float32', i + 1)), tf.variable(tf.zeros([to]))]));
  }
  const slots = tf.tidy(() => parameters.map((parameter) => tf.variable(tf.zerosLike(parameter as tf.Tensor), false)));
  const body: StepDefinition['body'] = ({ x, teacher, labels, temperature, soft, hard, learningRate }) => {
    const loss = (): tf.Scalar => {
      let h = x as tf.Tensor;
      parameters.forEach((parameter, i) => (h = i % 2 === 0 ? tf.matMul(h as tf.Tensor2D, parameter as tf.Tensor2D) : i < 5 ? tf.relu(tf.add(h, parameter)) : tf.add(h, parameter)));
      const p = tf.softmax(tf.div(teacher as tf.Tensor, temperature as tf.Tensor));
      const kl = tf.mean(tf.sum(tf.mul(p, tf.sub(tf.logSoftmax(tf.div(teacher as tf.Tensor, temperature as tf.Tensor)), tf.logSoftmax(tf.div(h, temperature as tf.Tensor)))), -1));
      const ce = tf.neg(tf.mean(tf.sum(tf.mul(tf.oneHot(labels as tf.Tensor1D, 5), tf.logSoftmax(h)), -1)));
      return tf.add(tf.mul(soft as tf.Tensor, tf.mul(kl, tf.square(temperature as tf.Tensor))), tf.mul(hard as tf.Tensor, ce)) as tf.Scalar;
    };
    const { value, grads } = tf.variableGrads(loss, parameters);
    parameters.forEach((parameter, i) => {
      const slot = slots[i] as tf.Variable;
      slot.assign(tf.add(tf.mul(slot as tf.Tensor, 0.9), grads[parameter.name] as tf.Tensor));
      parameter.assign(tf.sub(parameter as tf.Tensor, tf.mul(learningRate as tf.Tensor, slot as tf.Tensor)));
    });
    return { loss: value };
  };
  return { name: 'small', state: [...parameters, ...slots], parameters, body };
}

const batch = (seed: number, size = 8) => ({
  x: tf.randomNormal([size, 12], 0, 1, 'float32', seed + 1),
  teacher: tf.randomNormal([size, 5], 0, 2, 'float32', seed + 100),
  labels: tf.tidy(() => tf.cast(tf.floor(tf.randomUniform([size], 0, 5, 'float32', seed + 200)), 'int32')),
});

const scalarsAt = (step: number) => ({ temperature: 20 - step, soft: 0.7, hard: 0.3, learningRate: step < 5 ? 0.05 : 0.01 });

function train(engine: Engine, steps: number, sizeAt = (_step: number) => 8): { losses: number[]; weights: number[][] } {
  const step = smallStep();
  const prepared = engine.prepare(step);
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    const given = batch(i, sizeAt(i));
    const { loss } = prepared.run(given, scalarsAt(i));
    losses.push((loss as tf.Scalar).dataSync()[0] as number);
    tf.dispose([given, loss as tf.Tensor]);
  }
  const weights = step.state.map((variable) => Array.from(variable.dataSync()));
  prepared.dispose();
  for (const variable of step.state) variable.dispose();
  return { losses, weights };
}

const quiet: string[] = [];
const engine = compiledEngine({ onWarning: (message) => quiet.push(message) });

test('a compiled step makes the same updates as an eager one', async () => {
  const eager = await expectNoLeakedTensors(() => train(eagerEngine, 12));
  const compiled = await expectNoLeakedTensors(() => train(engine, 12));
  expect(quiet).toEqual([]);
  compiled.losses.forEach((loss, i) => expect(loss).toBeCloseTo(eager.losses[i] as number, 4));
  compiled.weights.flat().forEach((value, i) => expect(value).toBeCloseTo(eager.weights.flat()[i] as number, 5));
});

test('a smaller last batch gets a recording of its own', () => {
  const sizeAt = (step: number) => (step % 4 === 3 ? 3 : 8);
  const eager = train(eagerEngine, 12, sizeAt);
  const compiled = train(engine, 12, sizeAt);
  expect(quiet).toEqual([]);
  compiled.losses.forEach((loss, i) => expect(loss).toBeCloseTo(eager.losses[i] as number, 4));
});
