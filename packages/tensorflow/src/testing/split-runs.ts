import * as tf from '@tensorflow/tfjs-core';
import {
  createKit,
  createRandom,
  eagerEngine,
  optimizers,
  Tokens,
  type DataSet,
  type Engine,
  type Network,
  type RunEvent,
} from '@temper/core';
import { losses } from '@temper/losses';
import { schedules } from '@temper/schedules';
import { compiledEngine } from '../engine/engine.js';

const kit = createKit({ plugins: [schedules, losses, optimizers] });
type Config = Parameters<typeof kit.run>[0];

/** Samples with labels and, where they have one, a mask; `length` is absent for samples of one position. */
export interface SplitData {
  readonly size: number;
  readonly length?: number;
  readonly labels: readonly number[];
  readonly mask?: readonly number[];
}

/** The result of a run. */
export interface Trained {
  /** Weights of the student, and the reported values of the loss and of each term. */
  readonly weights: readonly number[];
  readonly losses: readonly number[];
  readonly warnings: readonly string[];
}

export const engines: Readonly<Record<string, () => Engine>> = { eager: () => eagerEngine, compiled: () => compiledEngine() };
export const [features, hidden, classes] = [3, 4, 4];

/** Trains on the same samples with any engine and any split into micro-batches. */
export async function trainSplit(config: Config, data: SplitData, engine: Engine): Promise<Trained> {
  const [student, teacher] = [network('student', data, 0.01), network('teacher', data)];
  const [train, all] = [
    dataSet(data),
    dataSet({ size: data.size, ...(data.length === undefined ? {} : { length: data.length }), labels: data.labels.map(() => 1) }),
  ];
  const events: RunEvent[] = [];
  try {
    const { warnings } = await kit.run(
      { seed: 1, keep: 'last', ...config },
      {
        data: { train, validation: all, test: all },
        student,
        teacher,
        reporters: [{ name: 'recorder', report: (event) => void events.push(event) }],
        services: (container) => void container.rebind(Tokens.Engine).toConstantValue(engine),
      },
    );
    const steps = events.filter((event) => event.type === 'steps');
    return {
      weights: student.parameters.flatMap((variable) => [...variable.dataSync()]),
      losses: steps.flatMap(({ loss, losses: terms }) => [loss, ...Object.values(terms)]),
      warnings,
    };
  } finally {
    student.dispose();
    teacher.dispose();
  }
}

/** Returns the student's weights before training. */
export function initialWeights(data: SplitData): number[] {
  const made = network('student', data);
  const weights = made.parameters.flatMap((variable) => [...variable.dataSync()]);
  made.dispose();
  return weights;
}

/** Creates two layers over each position; with a penalty of its first weights where `l2` is given. */
function network(name: string, { length }: SplitData, l2?: number): Network {
  const stream = createRandom(3).stream(name);
  const normal = (rows: number, columns: number): tf.Variable =>
    tf.tidy(() =>
      tf.variable(
        tf.tensor2d(
          Float32Array.from({ length: rows * columns }, () => 0.7 * stream.normal()),
          [rows, columns],
        ),
      ),
    );
  const [first, second] = [normal(features, hidden), normal(hidden, classes)];
  const run = (inputs: tf.Tensor): { logits: tf.Tensor; middle: tf.Tensor } => {
    const middle = tf.tanh(tf.matMul(tf.reshape(inputs, [-1, features]), first as tf.Tensor2D));
    const shaped = (x: tf.Tensor, width: number): tf.Tensor => (length === undefined ? x : tf.reshape(x, [-1, length, width]));
    return { logits: shaped(tf.matMul(middle as tf.Tensor2D, second as tf.Tensor2D), classes), middle: shaped(middle, hidden) };
  };
  return {
    name,
    parameters: [first, second],
    buffers: [],
    variableNames: ['first/kernel', 'second/kernel'],
    ...(l2 === undefined ? {} : { penalties: [{ variables: [first], value: () => tf.mul<tf.Scalar>(tf.sum(tf.square(first)), l2) }] }),
    logits: (inputs) => run(inputs).logits,
    tapped: (inputs) => {
      const { logits, middle } = run(inputs);
      return { logits, taps: { middle } };
    },
    dispose: () => tf.dispose([first, second]),
  };
}

function dataSet({ size, length, labels, mask }: SplitData): DataSet {
  const positions = length ?? 1;
  const stream = createRandom(5).stream('inputs');
  const inputs = Array.from({ length: size * positions * features }, () => stream.normal());
  const shape = length === undefined ? [] : [length];
  const rows = <T>(all: readonly T[], indices: Int32Array, width: number): T[] =>
    [...indices].flatMap((i) => all.slice(i * width, (i + 1) * width));
  return {
    size,
    inputShape: [...shape, features],
    classes,
    inMemory: true,
    batch: (indices) => ({
      inputs: tf.tensor(rows(inputs, indices, positions * features), [indices.length, ...shape, features], 'float32'),
      labels: tf.tensor(rows(labels, indices, positions), [indices.length, ...shape], 'int32'),
      ...(mask === undefined ? {} : { mask: tf.tensor(rows(mask, indices, positions), [indices.length, ...shape], 'float32') }),
    }),
  };
}
