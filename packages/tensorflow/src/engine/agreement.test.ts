import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { adam, sgd, type Optimizer, type StepDefinition } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { expect, test } from 'vitest';
import { isLong } from '../../../../fixtures/long.js';
import { compileStep } from './compiled-step.js';
import { compiledEngine } from './engine.js';
import type { Recording } from '../recording/recording.js';
import { faultsOf } from '../testing/faults.js';
import { smallBatch } from '../testing/small-step.js';
import { tryOut } from './trial.js';

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** A network of two layers that learns from soft and hard targets. */
function distillation(optimizer: Optimizer): { readonly step: StepDefinition; dispose(): void } {
  const [hidden, bias, out, outBias] = tf.tidy(() => [
    tf.variable(tf.randomNormal([12, 16], 0, 0.4, 'float32', 1)),
    tf.variable(tf.randomNormal([16], 0, 0.1, 'float32', 2)),
    tf.variable(tf.randomNormal([16, 5], 0, 0.4, 'float32', 3)),
    tf.variable(tf.randomNormal([5], 0, 0.1, 'float32', 4)),
  ]) as [tf.Variable<tf.Rank.R2>, tf.Variable, tf.Variable<tf.Rank.R2>, tf.Variable];
  const parameters = [hidden, bias, out, outBias] as tf.Variable[];
  const slots = optimizer.init(parameters);
  const loss = ({ x, teacher, labels, temperature }: Tensors): tf.Scalar => {
    const logits = tf.add(tf.matMul(tf.relu(tf.add(tf.matMul(x as tf.Tensor2D, hidden), bias)), out), outBias);
    const [soft, own] = [tf.div(teacher as tf.Tensor, temperature as tf.Tensor), tf.div(logits, temperature as tf.Tensor)];
    const kl = tf.sum(tf.mul(tf.softmax(soft), tf.sub(tf.logSoftmax(soft), tf.logSoftmax(own))), -1);
    const entropy = tf.neg(tf.sum(tf.mul(tf.oneHot(labels as tf.Tensor1D, 5), tf.logSoftmax(logits)), -1));
    return tf.add(tf.mul(tf.mul(tf.mean(kl), tf.square(temperature as tf.Tensor)), 0.7), tf.mul(tf.mean(entropy), 0.3));
  };
  const step: StepDefinition = {
    name: 'distillation',
    state: [...parameters, ...Object.values(slots.variables)],
    body(inputs) {
      const { value, grads } = tf.variableGrads(() => loss(inputs), parameters);
      slots.apply(
        parameters.map(({ name }) => grads[name] as tf.Tensor),
        inputs['rate'] as tf.Scalar,
      );
      return { loss: value };
    },
  };
  return { step, dispose: () => tf.dispose([...step.state]) };
}

const scalars = { temperature: 4, rate: 0.02 };

/** Samples that the network learns by heart, with a teacher that is sure of them. */
function easyBatch(seed: number): Record<'x' | 'teacher' | 'labels', tf.Tensor> {
  const labels = Array.from({ length: 16 }, (_, i) => i % 5);
  return tf.tidy(() => {
    const oneHot = tf.oneHot(labels, 5, 1, 0, 'float32');
    const noise = tf.randomNormal([16, 12], 0, 0.2, 'float32', seed);
    return {
      x: tf.add(
        tf.mul(
          tf.pad(oneHot, [
            [0, 0],
            [0, 7],
          ]),
          4,
        ),
        noise,
      ),
      teacher: tf.mul(oneHot, 80),
      labels: tf.tensor1d(labels, 'int32'),
    };
  });
}

/** Compares one update of a graph, made from a recording that `change` returns, with the update operation by operation. */
function check(step: StepDefinition, batch: Tensors, change: (recording: Recording) => Recording): string | undefined {
  const before = step.state.map((variable) => tf.clone(variable as tf.Tensor));
  const trial = tryOut(step, batch, scalars);
  const compiled = compileStep(step, change(trial.recording), Object.keys(scalars));
  const { outputs, disagreement } = trial.replaceBy(compiled);
  compiled.dispose();
  step.state.forEach((variable, i) => variable.assign(before[i] as tf.Tensor));
  tf.dispose([before, outputs as tf.NamedTensorMap]);
  return disagreement?.message;
}

/** Faults without an effect: a common factor of what a softmax compares, the loss itself where only its gradient is used, … */
function changesNothing(step: StepDefinition, batch: Tensors, faulty: Recording): boolean {
  const before = step.state.map((variable) => tf.clone(variable as tf.Tensor));
  const trial = tryOut(step, batch, scalars);
  tf.dispose(trial.accept() as tf.NamedTensorMap);
  const after = [trial.recording, faulty].map((recording) => {
    step.state.forEach((variable, i) => variable.assign(before[i] as tf.Tensor));
    const compiled = compileStep(step, recording, Object.keys(scalars));
    const outputs = compiled.run(batch, scalars);
    compiled.dispose();
    const values = [...Object.values(outputs), ...step.state].map((tensor) => Array.from(tensor.dataSync()));
    tf.dispose(outputs as tf.NamedTensorMap);
    return values;
  });
  const old = [...Object.keys(trial.recording.outputs).map(() => undefined), ...before.map((tensor) => Array.from(tensor.dataSync()))];
  step.state.forEach((variable, i) => variable.assign(before[i] as tf.Tensor));
  tf.dispose(before);
  return (after[0] as number[][]).every((right, k) => {
    const made = right.map((value, i) => Math.abs(value - (old[k]?.[i] ?? 0)));
    const most = Math.max(...made);
    return right.every((value, i) => Math.abs(value - (after[1]?.[k]?.[i] as number)) <= 3e-4 * most);
  });
}

// The short form tries some of the faults, spread over the recording.
test.each([
  ['sgd', sgd({ learningRate: 0.05 }), isLong ? 1 : 4],
  ['adam', adam({ learningRate: 0.01 }), isLong ? 3 : 9],
] as const)(
  '%s: a faulty recording is detected, and the correct one passes',
  async (_, optimizer, every) => {
    await expectNoLeakedTensors(() => {
      const { step, dispose } = distillation(optimizer);
      const batch = smallBatch(3);
      expect(check(step, batch, (recording) => recording)).toBeUndefined();
      const trial = tryOut(step, batch, scalars);
      tf.dispose(trial.accept() as tf.NamedTensorMap);
      let found = 0;
      const missed: string[] = [];
      for (const [i, { name, recording }] of [...faultsOf(trial.recording)].entries()) {
        if (i % every !== 0) continue;
        if (check(step, batch, () => recording) !== undefined) found++;
        else if (!changesNothing(step, batch, recording)) missed.push(name);
      }
      expect(missed).toEqual([]);
      expect(found).toBeGreaterThan(isLong ? 40 : 10);
      tf.dispose(batch);
      dispose();
    });
  },
  300_000,
);

test.each([1, 2])(
  'a correct recording passes when the loss is rounding alone (seed %i)',
  async (seed) => {
    await expectNoLeakedTensors(() => {
      const warnings: string[] = [];
      const engine = compiledEngine({ onWarning: (message) => warnings.push(message) });
      const { step, dispose } = distillation(adam({ learningRate: 0.02 }));
      const batch = easyBatch(seed);
      let last = Infinity;
      // Prepared again and again, so that the check looks at many states on the way.
      for (let i = 0; i < 24; i++) {
        const prepared = engine.prepare(step, { deterministic: true });
        for (let update = 0; update < 40; update++) {
          const { loss } = prepared.run(batch, { temperature: 1, rate: 0.05 });
          last = (loss as tf.Tensor).dataSync()[0] as number;
          loss?.dispose();
        }
        prepared.dispose();
      }
      expect(last).toBeLessThan(1e-4);
      expect(warnings).toEqual([]);
      tf.dispose(batch);
      dispose();
    });
  },
  120_000,
);
