// Only the loose parts: no kit, no container, no loop of Temper's. The schedule is a function of the step, the losses
// are functions of logits; the rest is plain TensorFlow.js.
import * as tf from '@tensorflow/tfjs-core';
import { loadBackend } from '@temper/node';
import { digits } from '@temper/data';
import { crossEntropy, kl } from '@temper/losses';
import { cnn, mlp } from '@temper/models';
import { cosine } from '@temper/schedules';
import type { LayersModel } from '@tensorflow/tfjs-layers';

const batchSize = 64;
const epochs = 4;

await loadBackend();
const { train, test } = digits({ seed: 1, train: 2000, validation: 100, test: 1000 })();
const shape = { inputShape: train.inputShape, classes: train.classes, seed: 1 };
const teacher = cnn({})({ ...shape, name: 'teacher' });
const student = mlp({ hidden: [32] })({ ...shape, name: 'student' });

const softLoss = kl({ scale: 'temperature-squared' });
const hardLoss = crossEntropy({});
const temperature = cosine({ from: 20, to: 1 });

/** Trains a network with whatever loss it is given; `at` is the update's place among all of them. */
async function fit(
  network: LayersModel,
  loss: (logits: tf.Tensor, inputs: tf.Tensor, labels: tf.Tensor, at: { step: number; total: number }) => tf.Scalar,
): Promise<void> {
  const optimizer = tf.train.adam(1e-3);
  const weights = network.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const perEpoch = Math.ceil(train.size / batchSize);
  for (let step = 0; step < epochs * perEpoch; step++) {
    const first = (step % perEpoch) * batchSize;
    const { inputs, labels } = await train.batch(Int32Array.from({ length: Math.min(batchSize, train.size - first) }, (_, i) => first + i));
    optimizer.minimize(
      () => loss(network.apply(inputs, { training: true }) as tf.Tensor, inputs, labels, { step, total: epochs * perEpoch }),
      false,
      weights,
    );
    tf.dispose([inputs, labels]);
  }
  optimizer.dispose();
}

async function accuracy(network: LayersModel): Promise<number> {
  const { inputs, labels } = await test.batch(Int32Array.from({ length: test.size }, (_, i) => i));
  const right = tf.tidy(() => tf.mean(tf.cast(tf.equal(tf.argMax(network.apply(inputs) as tf.Tensor, -1), labels), 'float32')));
  const [share] = await right.data();
  tf.dispose([inputs, labels, right]);
  return share as number;
}

await fit(teacher, (logits, _inputs, labels) => tf.mean(hardLoss({ student: logits, labels })) as tf.Scalar);
await fit(student, (logits, inputs, labels, at) => {
  const known = teacher.apply(inputs) as tf.Tensor;
  const soft = tf.mean(softLoss({ student: logits, teacher: known, labels, temperature: temperature(at) }));
  const hard = tf.mean(hardLoss({ student: logits, labels }));
  return tf.add(tf.mul(0.7, soft), tf.mul(0.3, hard)) as tf.Scalar;
});

console.log(`teacher ${(100 * (await accuracy(teacher))).toFixed(1)} %, student ${(100 * (await accuracy(student))).toFixed(1)} %`);
