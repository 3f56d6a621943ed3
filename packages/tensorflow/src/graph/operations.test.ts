import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { test } from 'vitest';
import { differentiable, others, compare } from '../testing/graph-operations.js';

test.each(Object.entries({ ...differentiable, ...others }))('%s has the same result recorded and eager', (_, run) => {
  compare(run);
});

test.each(Object.entries(differentiable))('the gradient of %s has the same result recorded and eager', (_, run) => {
  const sum = (x: tf.Tensor, y: tf.Tensor): tf.Tensor =>
    [run(x, y)].flat().reduce((all, one) => tf.add(all, tf.sum(tf.sin(one))), tf.sum(tf.mul(x, y)));
  compare((x, y) => tf.grads((a, b) => sum(a as tf.Tensor, b as tf.Tensor))([x, y]));
});
