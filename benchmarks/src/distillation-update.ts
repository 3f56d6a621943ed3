import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Engine, Optimizer, StepDefinition } from '@temper/core';
import { crossEntropy, kl } from '@temper/losses';

/** What one update is made of. */
export interface UpdateParts {
  readonly name: string;
  readonly model: LayersModel;
  readonly optimizer: Optimizer;
  /** A batch of inputs; the caller disposes it. */
  inputs(): tf.Tensor;
  readonly classes: number;
  /** A teacher that runs inside of the step; else its logits are given. */
  readonly teacher?: LayersModel;
  /** Takes means under a mask, as a batch that was filled up needs. */
  readonly masked?: boolean;
}

/** An update that can be made again and again, on the same batch. */
export interface Update {
  run(): void;
  dispose(): void;
}

const seed = 1;

/** One distillation update (0.7 soft at falling temperature, 0.3 hard) written as a user with an own loop writes it. */
export function distillationUpdate(
  engine: Engine,
  { name, model, optimizer, inputs, classes, teacher, masked = false }: UpdateParts,
): Update {
  const parameters = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const buffers = model.nonTrainableWeights.map((weight) => weight.read() as tf.Variable);
  const optimizerState = optimizer.init(parameters);
  const soft = kl();
  const hard = crossEntropy();
  const taught = (batch: Readonly<Record<string, tf.Tensor>>): tf.Tensor =>
    (teacher === undefined ? batch['teacher'] : teacher.apply(batch['x'] as tf.Tensor)) as tf.Tensor;
  const mean = (values: tf.Tensor, mask: tf.Tensor | undefined): tf.Scalar =>
    mask === undefined ? tf.mean(values) : tf.div(tf.sum(tf.mul(values, mask)), tf.sum(mask));
  const definition: StepDefinition = {
    name,
    frozen: (teacher?.weights ?? []).map((weight) => weight.read()),
    state: [...parameters, ...buffers, ...Object.values(optimizerState.variables)],
    body(batch) {
      const { x, labels, mask, temperature, softWeight, hardWeight, learningRate } = batch;
      const loss = (): tf.Scalar => {
        const student = model.apply(x as tf.Tensor, { training: true }) as tf.Tensor;
        const given = { student, teacher: taught(batch), labels: labels as tf.Tensor, temperature: temperature as tf.Tensor };
        return tf.add(tf.mul(softWeight as tf.Tensor, mean(soft(given), mask)), tf.mul(hardWeight as tf.Tensor, mean(hard(given), mask)));
      };
      const { value, grads } = tf.variableGrads(loss, parameters);
      optimizerState.apply(
        parameters.map((parameter) => grads[parameter.name] as tf.Tensor),
        learningRate as tf.Scalar,
      );
      return { loss: value };
    },
  };
  const step = engine.prepare(definition);
  const x = inputs();
  const shape = (model.outputs[0]?.shape ?? []).map((size, axis) => size ?? (x.shape[axis] as number));
  const batch = {
    x,
    ...(teacher === undefined ? { teacher: tf.randomNormal(shape, 0, 2, 'float32', seed) } : {}),
    ...(masked ? { mask: tf.ones(shape.slice(0, -1)) } : {}),
    labels: tf.tidy(() => tf.cast(tf.floor(tf.randomUniform(shape.slice(0, -1), 0, classes, 'float32', seed)), 'int32')),
  };
  let update = 0;
  return {
    run() {
      const { loss } = step.run(batch, { temperature: 20 - (update++ % 1000) / 100, softWeight: 0.7, hardWeight: 0.3, learningRate: 1e-3 });
      loss?.dispose();
    },
    dispose() {
      step.dispose();
      tf.dispose([batch, ...Object.values(optimizerState.variables)] as tf.TensorContainer);
      model.dispose();
      teacher?.dispose();
    },
  };
}
