import { adam, eagerEngine, type Engine } from '@temper/core';
import { cnn } from '@temper/models';
import { compiledEngine } from '@temper/node';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Case } from '../cases.js';
import { distillationUpdate, type UpdateParts } from '../distillation-update.js';
import { repeated, type Measured } from '../measure.js';
import { convolutional, partsOf, type UpdateKey } from '../networks.js';

/** One of Temper's own choices against what it could have been. */
interface Choice {
  readonly name: string;
  readonly other: string;
  readonly goal: number;
  chosen(): Measured;
  instead(): Measured;
}

const choice = ({ name, other, goal, chosen, instead }: Choice): Case => ({
  name: `choice: ${name}`,
  against: { other, prepare: instead },
  goal,
  prepare: chosen,
});

const update = (key: UpdateKey, engine: Engine = compiledEngine()): Measured => ofParts(partsOf(key), engine);

function ofParts(parts: UpdateParts, engine: Engine = compiledEngine()): Measured {
  const { run, dispose } = distillationUpdate(engine, parts);
  return repeated(run, dispose);
}

/** The kernels are asked for when a step is recorded, so its first updates have to be made in here. */
function withoutKernels(key: UpdateKey): Measured {
  const before = process.env['TEMPER_KERNELS'];
  process.env['TEMPER_KERNELS'] = 'off';
  try {
    const measured = update(key);
    void measured.times(0);
    return measured;
  } finally {
    if (before === undefined) delete process.env['TEMPER_KERNELS'];
    else process.env['TEMPER_KERNELS'] = before;
  }
}

const student = (batch: number): UpdateParts => convolutional(adam(0.001), batch);

const teacher = (): LayersModel =>
  cnn({ channels: [32, 64] })({ inputShape: [28, 28, 1], classes: 10, seed: 1, name: 'teacher' }) as LayersModel;

export const choiceCases: readonly Case[] = [
  ...(['mlp-adam', 'cnn-adam', 'transformer'] as const).map((key) =>
    choice({
      name: `recorded step, ${key}`,
      other: 'operation by operation',
      goal: 0.5,
      chosen: () => update(key),
      instead: () => update(key, eagerEngine),
    }),
  ),
  ...(['mlp-adam', 'cnn-adam', 'transformer'] as const).map((key) =>
    choice({
      name: `kernels of our own, ${key}`,
      other: "TensorFlow's operations alone",
      goal: 1,
      chosen: () => update(key),
      instead: () => withoutKernels(key),
    }),
  ),
  choice({
    name: "teacher's logits kept, CNN Adam",
    other: 'teacher (32, 64) inside of the step',
    goal: 1,
    chosen: () => ofParts(student(64)),
    instead: () => ofParts({ ...student(64), teacher: teacher() }),
  }),
  choice({
    name: 'a last batch of 16 recorded by itself, CNN Adam',
    other: 'padded to 64 and masked',
    goal: 1,
    chosen: () => ofParts(student(16)),
    instead: () => ofParts({ ...student(64), masked: true }),
  }),
];
