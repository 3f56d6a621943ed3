import * as tf from '@tensorflow/tfjs-core';
import { arrayDataSet, createRandom, type DataSplits, type Network } from '@temper/core';

export const [classes, features] = [3, 6];

/** Points around one centre for each class. */
export function blobs(): DataSplits {
  const part = (name: string, size: number) => {
    const stream = createRandom(3).stream(name);
    const labels = Int32Array.from({ length: size }, (_, i) => i % classes);
    const inputs = Float32Array.from(
      { length: size * features },
      (_, i) => Number(i % classes === labels[Math.floor(i / features)]) * 2 + stream.normal(),
    );
    return arrayDataSet({ inputs, labels, inputShape: [features], classes });
  };
  return { train: part('train', 120), validation: part('validation', 30), test: part('test', 60) };
}

/** Two layers; the first can be tapped as `hidden`. */
export function network(name: string, width: number): Network {
  const stream = createRandom(5).stream(name);
  const weights = (rows: number, columns: number): tf.Variable =>
    tf.tidy(() =>
      tf.variable(
        tf.tensor2d(
          Float32Array.from({ length: rows * columns }, () => 0.5 * stream.normal()),
          [rows, columns],
        ),
      ),
    );
  const parameters = [weights(features, width), weights(width, classes)] as const;
  const run = (inputs: tf.Tensor): { hidden: tf.Tensor; logits: tf.Tensor } => {
    const hidden = tf.tanh(tf.matMul(inputs, parameters[0]));
    return { hidden, logits: tf.matMul(hidden, parameters[1]) };
  };
  return {
    name,
    logits: (inputs) => run(inputs).logits,
    tapped: (inputs) => {
      const { hidden, logits } = run(inputs);
      return { logits, taps: { hidden } };
    },
    parameters,
    buffers: [],
    dispose: () => {
      tf.dispose([...parameters]);
    },
  };
}
