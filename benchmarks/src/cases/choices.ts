import * as tf from '@tensorflow/tfjs-core';
import { adam, eagerEngine, type Engine } from '@temper/core';
import { cnn } from '@temper/models';
import { compiledEngine } from '@temper/node';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Case } from '../cases.js';
import { distillationUpdate, type UpdateParts } from '../distillation-update.js';
import { repeated, type Measured } from '../measure.js';
import { updates } from '../networks.js';

/** One of Temper's own choices against what it could have been. */
interface Choice {
  readonly name: string;
  readonly other: string;
  readonly goal: number;
  chosen(): Measured;
  instead(): Measured;
}

const choice = ({ name, other, goal, chosen, instead }: Choice): Case => ({ name: `choice: ${name}`, against: { other, prepare: instead }, goal, prepare: chosen });

const update = (key: string, engine: Engine = compiledEngine()): Measured => ofParts((updates[key] as (typeof updates)[string])(), engine);

function ofParts(parts: UpdateParts, engine: Engine = compiledEngine()): Measured {
  const { run, dispose } = distillationUpdate(engine, parts);
  return repeated(run, dispose);
}

/** The kernels are asked for when a step is recorded, so its first update has to be made in here. */
function withoutKernels(key: string): Measured {
  const before = process.env['TEMPER_KERNELS'];
  process.env['TEMPER_KERNELS'] = 'off';
  try {
    const { run, dispose } = distillationUpdate(compiledEngine(), (updates[key] as (typeof updates)[string])());
    run();
    return repeated(run, dispose);
  } finally {
    if (before === undefined) delete process.env['TEMPER_KERNELS'];
    else process.env['TEMPER_KERNELS'] = before;
  }
}

const network = (channels: number[], name: string): LayersModel => cnn({ channels })({ inputShape: [28, 28, 1], classes: 10, seed: 1, name }) as LayersModel;

const student = (batch: number): UpdateParts => ({
  name: 'cnn',
  model: network([16, 32], 'student'),
  optimizer: adam(0.001),
  inputs: () => tf.randomUniform([batch, 28, 28, 1], 0, 1, 'float32', 1),
  classes: 10,
});

export const choiceCases: readonly Case[] = [
  ...['mlp-adam', 'cnn-adam', 'transformer'].map((key) =>
    choice({ name: `recorded step, ${key}`, other: 'operation by operation', goal: 0.5, chosen: () => update(key), instead: () => update(key, eagerEngine) }),
  ),
  ...['mlp-adam', 'cnn-adam', 'transformer'].map((key) =>
    choice({ name: `kernels of our own, ${key}`, other: "TensorFlow's operations alone", goal: 1, chosen: () => update(key), instead: () => withoutKernels(key) }),
  ),
  choice({
    name: "teacher's logits kept, CNN Adam",
    other: 'teacher (32, 64) inside of the step',
    goal: 1,
    chosen: () => ofParts(student(64)),
    instead: () => ofParts({ ...student(64), teacher: network([32, 64], 'teacher') }),
  }),
  choice({
    name: 'a last batch of 16 recorded by itself, CNN Adam',
    other: 'padded to 64 and masked',
    goal: 1,
    chosen: () => ofParts(student(16)),
    instead: () => ofParts({ ...student(64), masked: true }),
  }),
];
