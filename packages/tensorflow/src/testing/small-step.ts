import * as tf from '@tensorflow/tfjs-core';
import type { Engine, StepDefinition } from '@temper/core';

export type Inputs = Readonly<Record<string, tf.Tensor>>;

const sizes = [12, 16, 8, 5];
const classes = 5;

export interface SmallStep {
  readonly definition: StepDefinition;
  readonly parameters: readonly tf.Variable[];
  dispose(): void;
}

/** Replaceable parts of the small step, each correct by default: it reads its values from the inputs. */
export interface SmallStepParts {
  readonly x?: (inputs: Inputs) => tf.Tensor;
  readonly temperature?: (inputs: Inputs) => tf.Tensor | number;
  readonly softWeight?: (inputs: Inputs) => tf.Tensor | number;
  readonly learningRate?: (inputs: Inputs) => tf.Tensor | number;
  /** Called with the hidden layer's values before its ReLU. */
  readonly hidden?: (h: tf.Tensor, inputs: Inputs) => tf.Tensor;
  /** Called with every update's total loss. */
  readonly loss?: (loss: tf.Scalar, inputs: Inputs) => tf.Scalar;
  readonly declared?: (all: readonly tf.Variable[]) => readonly tf.Variable[];
}

/** Creates a small network trained by soft and hard targets, with momentum; its weights are the same at every call. */
export function smallStep(parts: SmallStepParts = {}): SmallStep {
  const take = (name: string) => (inputs: Inputs) => inputs[name] as tf.Tensor;
  const { x = take('x'), temperature = take('temperature'), softWeight = take('soft'), learningRate = take('learningRate') } = parts;
  const { hidden = (h) => h, loss = (value) => value, declared = (all) => all } = parts;
  const parameters = tf.tidy(() =>
    sizes
      .slice(1)
      .flatMap((to, i) => [tf.variable(tf.randomNormal([sizes[i] as number, to], 0, 0.5, 'float32', i + 1)), tf.variable(tf.zeros([to]))]),
  );
  const slots = tf.tidy(() => parameters.map((parameter) => tf.variable(tf.zerosLike(parameter as tf.Tensor), false)));

  const forward = (inputs: Inputs): tf.Tensor => {
    let h = x(inputs);
    for (let i = 0; i < parameters.length; i += 2) {
      h = tf.add(tf.matMul(h as tf.Tensor2D, parameters[i] as tf.Tensor as tf.Tensor2D), parameters[i + 1] as tf.Tensor);
      if (i < parameters.length - 2) h = tf.relu(hidden(h, inputs));
    }
    return h;
  };
  const distillation = (inputs: Inputs): tf.Scalar => {
    const logits = forward(inputs);
    const teacher = inputs['teacher'] as tf.Tensor;
    const t = temperature(inputs);
    const kl = tf.sum(
      tf.mul(tf.softmax(tf.div(teacher, t)), tf.sub(tf.logSoftmax(tf.div(teacher, t)), tf.logSoftmax(tf.div(logits, t)))),
      -1,
    );
    const entropy = tf.neg(tf.sum(tf.mul(tf.oneHot(inputs['labels'] as tf.Tensor1D, classes), tf.logSoftmax(logits)), -1));
    const soft = tf.mul(softWeight(inputs), tf.mul(tf.mean(kl), tf.square(t)));
    return loss(tf.add(soft, tf.mul(inputs['hard'] as tf.Tensor, tf.mean(entropy))), inputs);
  };
  const body: StepDefinition['body'] = (inputs) => {
    const { value, grads } = tf.variableGrads(() => distillation(inputs), parameters);
    parameters.forEach((parameter, i) => {
      const slot = slots[i] as tf.Variable;
      slot.assign(tf.add(tf.mul(slot as tf.Tensor, 0.9), grads[parameter.name] as tf.Tensor));
      parameter.assign(tf.sub(parameter as tf.Tensor, tf.mul(learningRate(inputs), slot as tf.Tensor)));
    });
    return { loss: value };
  };
  const all = [...parameters, ...slots];
  return { definition: { name: 'small', state: declared(all), body }, parameters, dispose: () => tf.dispose(all) };
}

/** Creates a different batch for every seed. */
export const smallBatch = (seed: number, size = 8): Record<'x' | 'teacher' | 'labels', tf.Tensor> => ({
  x: tf.randomNormal([size, sizes[0] as number], 0, 1, 'float32', seed + 1),
  teacher: tf.randomNormal([size, classes], 0, 2, 'float32', seed + 101),
  labels: tf.tidy(() => tf.cast(tf.floor(tf.randomUniform([size], 0, classes, 'float32', seed + 201)), 'int32')),
});

/** Returns scalars: the temperature falls from the first update on, the learning rate after the fifth, the weights never. */
export const smallScalars = (update: number): Record<'temperature' | 'soft' | 'hard' | 'learningRate', number> => ({
  temperature: 20 - update / 2,
  soft: 0.7,
  hard: 0.3,
  learningRate: update < 5 ? 0.05 : 0.01,
});

export interface Trained {
  readonly losses: number[];
  readonly weights: number[];
}

export interface Training {
  readonly updates: number;
  readonly batchSize?: (update: number) => number;
  readonly scalars?: (update: number) => Record<string, number>;
  /** Called before each update, with its batch. */
  readonly before?: (update: number, batch: Record<string, tf.Tensor>) => void;
}

/** Trains a small step; returns each update's loss, and all weights and slots at the end. */
export function train(
  engine: Engine,
  { definition, parameters, dispose }: SmallStep,
  { updates, batchSize = () => 8, scalars = smallScalars, before = () => undefined }: Training,
): Trained {
  const prepared = engine.prepare(definition);
  const losses: number[] = [];
  for (let update = 0; update < updates; update++) {
    const batch = smallBatch(update, batchSize(update));
    before(update, batch);
    const { loss } = prepared.run(batch, scalars(update));
    losses.push((loss as tf.Tensor).dataSync()[0] as number);
    tf.dispose([batch, loss as tf.Tensor]);
  }
  prepared.dispose();
  const weights = [...definition.state, ...parameters].flatMap((variable) => Array.from(variable.dataSync()));
  dispose();
  return { losses, weights };
}
