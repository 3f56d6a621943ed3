import * as tf from '@tensorflow/tfjs-core';
import { model as modelOf, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { adam, createRandom, type Loss, type LossInputs, type StepDefinition } from '@temper/core';
import { attentionTransfer, channelWise, correlationCongruence, crd, crossEntropy, fitnets, kl, multiLevelLogits } from '@temper/losses';
import { pkt, rkd, similarityPreserving } from '@temper/losses';
import { cnn } from '@temper/models';
import { compiledEngine } from '@temper/node';
import type { Case } from '../cases.js';
import { repeated, type Measured } from '../measure.js';

const batch = 64;
const taps = ['pool_1', 'pool_2', 'dense_1'];
const maps = [
  ['pool_1', 'pool_1'],
  ['pool_2', 'pool_2'],
] as const;
const last = { student: 'dense_1', teacher: 'dense_1' };

/** A CNN's update with a soft loss, a hard loss and one on layers; without the latter, the teacher runs in the step if `inside`. */
interface Parts {
  readonly soft?: Loss;
  readonly layers?: Loss;
  readonly inside?: boolean;
}

interface Network {
  readonly logits: LayersModel;
  readonly tapped: LayersModel;
}

function network(name: string, channels: number[]): Network {
  const logits = cnn({ channels })({ inputShape: [28, 28, 1], classes: 10, seed: 1, name }) as LayersModel;
  const outputs = [logits.outputs[0], ...taps.map((tap) => logits.getLayer(tap).output)] as SymbolicTensor[];
  return { logits, tapped: modelOf({ inputs: logits.inputs, outputs }) };
}

function run({ tapped }: Network, x: tf.Tensor, training: boolean): { logits: tf.Tensor; taps: Record<string, tf.Tensor> } {
  const [logits, ...outputs] = tapped.apply(x, { training }) as tf.Tensor[];
  return { logits: logits as tf.Tensor, taps: Object.fromEntries(outputs.map((output, i) => [taps[i] as string, output])) };
}

const shapesOf = ({ logits }: Network): Record<string, number[]> =>
  Object.fromEntries(taps.map((tap) => [tap, (logits.getLayer(tap).outputShape as number[]).slice(1)]));

function update({ soft = kl(), layers, inside = layers !== undefined }: Parts): Measured {
  const [student, teacher] = [network('student', [16, 32]), network('teacher', [32, 64])];
  const context = { classes: 10, losses: ['layers'], random: createRandom(1) };
  const learned = layers?.variables?.({ ...context, tapShapes: { student: shapesOf(student), teacher: shapesOf(teacher) } }) ?? {};
  const variables = [...student.logits.trainableWeights.map((weight) => weight.read() as tf.Variable), ...Object.values(learned)];
  const optimizer = adam(0.001).init(variables);
  const hard = crossEntropy();
  const scalarsOf = (prefix: string, given: Readonly<Record<string, tf.Tensor>>) =>
    Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value as tf.Scalar]] : [])),
    );
  const definition: StepDefinition = {
    name: 'losses on layers',
    frozen: teacher.logits.weights.map((weight) => weight.read()),
    state: [...variables, ...Object.values(optimizer.variables)],
    body(given) {
      const x = given['x'] as tf.Tensor;
      const known = inside ? run(teacher, x, false) : { logits: given['teacher'] as tf.Tensor, taps: {} };
      const total = (): tf.Scalar => {
        const own =
          layers === undefined ? { logits: student.logits.apply(x, { training: true }) as tf.Tensor, taps: {} } : run(student, x, true);
        const inputs: LossInputs = {
          student: own.logits,
          teacher: known.logits,
          labels: given['labels'] as tf.Tensor,
          temperature: given['temperature'] as tf.Tensor,
          taps: { student: own.taps, teacher: known.taps },
          variables: learned,
        };
        const terms = [
          tf.mul(tf.mean(soft({ ...inputs, scalars: scalarsOf('soft.', given) })), 0.7),
          tf.mul(tf.mean(hard(inputs)), 0.3),
          ...(layers === undefined ? [] : [tf.mul(tf.mean(layers({ ...inputs, scalars: scalarsOf('layers.', given) })), 0.1)]),
        ];
        return terms.reduce((sum, term) => tf.add(sum, term)) as tf.Scalar;
      };
      const { value, grads } = tf.variableGrads(total, variables);
      optimizer.apply(
        variables.map((variable) => grads[variable.name] as tf.Tensor),
        given['learningRate'] as tf.Scalar,
      );
      return { loss: value };
    },
  };
  const step = compiledEngine().prepare(definition);
  const given = {
    x: tf.randomUniform([batch, 28, 28, 1], 0, 1, 'float32', 1),
    teacher: tf.randomNormal([batch, 10], 0, 2, 'float32', 1),
    labels: tf.tidy(() => tf.cast(tf.floor(tf.randomUniform([batch], 0, 10, 'float32', 1)), 'int32')),
  };
  const prefixed = (prefix: string, loss: Loss | undefined, at: number): Record<string, number> =>
    Object.fromEntries(Object.entries(loss?.scalars?.({ step: at, total: 1000 }) ?? {}).map(([name, value]) => [prefix + name, value]));
  let updates = 0;
  return repeated(
    () => {
      const at = updates++ % 1000;
      const scalars = { ...prefixed('soft.', soft, at), ...prefixed('layers.', layers, at) };
      step.run(given, { ...scalars, temperature: 20 - at / 100, learningRate: 1e-3 })['loss']?.dispose();
    },
    () => {
      step.dispose();
      tf.dispose([given, ...Object.values(learned), ...Object.values(optimizer.variables)] as tf.TensorContainer);
      student.logits.dispose();
      teacher.logits.dispose();
    },
  );
}

const against = (name: string, goal: number, other: string, parts: Parts, instead: Parts): Case => ({
  name: `losses on layers: ${name}, CNN Adam`,
  against: { other, prepare: () => update(instead) },
  goal,
  prepare: () => update(parts),
});

const withTeacher = (name: string, goal: number, layers: () => Loss): Case => {
  const one = against(name, goal, 'kl, the teacher in the step', {}, { inside: true });
  return { ...one, prepare: () => update({ layers: layers() }) };
};

export const layerCases: readonly Case[] = [
  against('none, the teacher (32, 64) in the step', 2, 'kl, stored logits', { inside: true }, {}),
  against('multi-level-logits of five temperatures', 1.15, 'kl, stored logits', { soft: multiLevelLogits() }, {}),
  withTeacher('fitnets of two maps', 1.25, () => fitnets({ layers: maps, weights: [1, 1] })),
  withTeacher('attention-transfer of two maps', 1.15, () => attentionTransfer({ layers: maps })),
  withTeacher('channel-wise of a map', 1.3, () => channelWise({ layers: [maps[1]] })),
  withTeacher('rkd', 1.5, () => rkd(last)),
  withTeacher('rkd without angles', 1.2, () => rkd({ ...last, angle: 0 })),
  withTeacher('similarity-preserving of a map', 1.15, () => similarityPreserving({ layers: [maps[1]] })),
  withTeacher('pkt', 1.15, () => pkt(last)),
  withTeacher('correlation-congruence', 1.15, () => correlationCongruence(last)),
  withTeacher('crd', 1.15, () => crd(last)),
];
