// A program for tests: loads a backend, trains a convolution by one step with it, and prints its name.
import type { TemperError } from '@temper/core';
import * as tf from '@tensorflow/tfjs-core';
import { loadBackend } from '../backend/load-backend.js';

try {
  const report = await loadBackend();
  const images = tf.ones<tf.Rank.R4>([2, 4, 4, 1]);
  const filter = tf.variable(tf.ones<tf.Rank.R4>([3, 3, 1, 2]));
  const { grads } = tf.variableGrads(() => tf.sum<tf.Scalar>(tf.conv2d(images, filter, 1, 'valid')), [filter]);
  const [gradient] = Object.values(grads);
  console.log(JSON.stringify({ ...report, backend: tf.getBackend(), gradient: gradient?.dataSync()[0] }));
} catch (error) {
  const { code, message, fault } = error as TemperError;
  console.log(JSON.stringify({ code, message, fault }));
}
