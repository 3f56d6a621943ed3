import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { adam, adamw, sgd } from '@temper/core';
import { cnn, mlp, resnet, transformer } from '@temper/models';
import type { UpdateParts } from './distillation-update.js';

const seed = 1;

/** Networks and optimizers, as `peers/torch_peer.py` has them under the same names. */
const updates = {
  'mlp-sgd': () => perceptron(sgd(0.01)),
  'mlp-adam': () => perceptron(adam(0.001)),
  'cnn-sgd': () => convolutional(sgd(0.01)),
  'cnn-adam': () => convolutional(adam(0.001)),
  resnet: () => ({
    name: 'resnet',
    model: build(resnet({ widths: [32, 64, 128, 256] }), [32, 32, 3], 100),
    optimizer: sgd({ learningRate: 0.01, momentum: 0.9 }),
    inputs: () => tf.randomUniform([32, 32, 32, 3], 0, 1, 'float32', seed),
    classes: 100,
  }),
  transformer: () => ({
    name: 'transformer',
    model: build(transformer({ layers: 2, width: 128, heads: 4 }), [128], 65),
    optimizer: adamw(0.001),
    inputs: () => tf.tidy(() => tf.cast(tf.floor(tf.randomUniform([32, 128], 0, 65, 'float32', seed)), 'int32')),
    classes: 65,
  }),
} satisfies Readonly<Record<string, () => UpdateParts>>;

export type UpdateKey = keyof typeof updates;

/** What the update of this name is made of, its network made anew. */
export const partsOf = (key: UpdateKey): UpdateParts => updates[key]();

const perceptron = (optimizer: UpdateParts['optimizer']): UpdateParts => ({
  name: 'mlp',
  model: build(mlp({ hidden: [512, 256] }), [784], 10),
  optimizer,
  inputs: () => tf.randomUniform([128, 784], 0, 1, 'float32', seed),
  classes: 10,
});

/** The CNN's update, also for other sizes of batch. */
export const convolutional = (optimizer: UpdateParts['optimizer'], batch = 64): UpdateParts => ({
  name: 'cnn',
  model: build(cnn({ channels: [16, 32] }), [28, 28, 1], 10),
  optimizer,
  inputs: () => tf.randomUniform([batch, 28, 28, 1], 0, 1, 'float32', seed),
  classes: 10,
});

const build = (builder: ReturnType<typeof mlp>, inputShape: number[], classes: number): LayersModel =>
  builder({ inputShape, classes, seed, name: 'student' }) as LayersModel;
