import * as tf from '@tensorflow/tfjs-node';
import { createRandom, type Temperature, type TemperatureSchedule } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { expect } from 'vitest';
import { ctkd, cwsm, dtkd, flsw, logitStandardization } from './index.js';
import { temperatureOf } from './testing/graph-side.js';
import { golden, expectClose } from './testing/golden.js';

type Logits = number[][] | number[][][];
interface Pair {
  readonly student: Logits;
  readonly teacher: Logits;
}

const side = (temperature: Temperature, name: 'student' | 'teacher'): tf.Tensor =>
  'student' in temperature ? temperature[name] : temperature;

/** KL of the softened logits per sample, written out for the test alone. */
function divergence(student: tf.Tensor, teacher: tf.Tensor, temperature: Temperature): tf.Tensor {
  const [s, t] = [tf.div(student, side(temperature, 'student')), tf.div(teacher, side(temperature, 'teacher'))];
  return tf.sum(tf.mul(tf.softmax(t), tf.sub(tf.logSoftmax(t), tf.logSoftmax(s))), -1);
}

const flat = (values: unknown): number[] => (values as number[]).flat(3);

/** Runs a check with the logits as tensors, and disposes all. */
const withLogits = ({ student, teacher }: Pair, check: (student: tf.Tensor, teacher: tf.Tensor) => void): Promise<void> =>
  expectNoLeakedTensors(() => void tf.tidy(() => check(tf.tensor(student as number[][]), tf.tensor(teacher as number[][]))));

interface TextBrewer extends Pair {
  readonly baseTemperature: number;
  readonly beta: number;
  readonly gamma?: number;
}
interface SoftCrossEntropy {
  readonly temperatures: number[] | number[][];
  readonly loss: number;
  readonly gradStudent: Logits;
}
for (const [file, make] of [
  ['temperature_flsw', ({ baseTemperature, beta, gamma = 1 }: TextBrewer) => flsw({ base: baseTemperature, beta, gamma })],
  ['temperature_cwsm', ({ baseTemperature, beta }: TextBrewer) => cwsm({ base: baseTemperature, beta })],
] as const) {
  golden<TextBrewer, SoftCrossEntropy>(file, (inputs, expected, { rel = 0, absTemperatures = 0, absLoss = 0, absGrad = 0 }) =>
    withLogits(inputs, (student, teacher) => {
      const policy = make(inputs);
      const temperature = temperatureOf(policy, student, teacher) as tf.Tensor;
      expect(temperature.shape).toEqual([...student.shape.slice(0, -1), 1]);
      expectClose([...temperature.dataSync()], flat(expected.temperatures), rel, absTemperatures);
      const crossEntropy = (z: tf.Tensor): tf.Scalar => {
        const T = temperatureOf(policy, z, teacher) as tf.Tensor;
        return tf.mean(tf.neg(tf.sum(tf.mul(tf.softmax(tf.div(teacher, T)), tf.logSoftmax(tf.div(z, T))), -1)));
      };
      const { value, grad } = tf.valueAndGrad(crossEntropy)(student);
      expectClose([...value.dataSync()], [expected.loss], rel, absLoss);
      expectClose([...grad.dataSync()], flat(expected.gradStudent), rel, absGrad);
    }),
  );
}

interface Dtkd extends Pair {
  readonly temperature: number;
  readonly alpha: number;
  readonly beta: number;
}
interface DtkdExpected {
  readonly loss: number;
  readonly gradStudent: Logits;
  readonly studentTemperature: number[];
  readonly teacherTemperature: number[];
}
golden<Dtkd, DtkdExpected>('dtkd', (inputs, expected, { rel = 0, absLoss = 0, absGrad = 0 }) =>
  withLogits(inputs, (student, teacher) => {
    const policy = dtkd({ base: inputs.temperature });
    const temperature = temperatureOf(policy, student, teacher);
    expectClose([...side(temperature, 'student').dataSync()], expected.studentTemperature, rel, absLoss);
    expectClose([...side(temperature, 'teacher').dataSync()], expected.teacherTemperature, rel, absLoss);
    if (inputs.beta !== 0) return; // The other terms of the full loss do not depend on these temperatures.
    const loss = (z: tf.Tensor): tf.Scalar => {
      const T = temperatureOf(policy, z, teacher);
      const scale = tf.squeeze(tf.mul(side(T, 'student'), side(T, 'teacher')), [-1]);
      return tf.mul(inputs.alpha, tf.mean(tf.mul(scale, divergence(z, teacher, T))));
    };
    const { value, grad } = tf.valueAndGrad(loss)(student);
    expectClose([...value.dataSync()], [expected.loss], rel, absLoss);
    expectClose([...grad.dataSync()], flat(expected.gradStudent), rel, absGrad);
  }),
);

interface Standardised {
  readonly loss: number;
  readonly perSample: number[];
  readonly gradStudent: Logits;
}
golden<Pair & { temperature: number }, Standardised>('logit_standardization', (inputs, expected, { rel = 0, absLoss = 0, absGrad = 0 }) =>
  withLogits(inputs, (student, teacher) => {
    const policy = logitStandardization({ base: inputs.temperature });
    const perSample = (z: tf.Tensor): tf.Tensor =>
      tf.mul(inputs.temperature ** 2, divergence(z, teacher, temperatureOf(policy, z, teacher)));
    expectClose([...perSample(student).dataSync()], expected.perSample, rel, absLoss);
    const { value, grad } = tf.valueAndGrad((z: tf.Tensor) => tf.mean(perSample(z)))(student);
    expectClose([...value.dataSync()], [expected.loss], rel, absLoss);
    expectClose([...grad.dataSync()], flat(expected.gradStudent), rel, absGrad);
  }),
);

interface Ctkd extends Pair {
  readonly theta: number;
  readonly tInit: number;
  readonly tRange: number;
  readonly lambda: number;
}
interface CtkdExpected {
  readonly temperature: number;
  readonly loss: number;
  readonly gradStudent: Logits;
  readonly gradTheta: number;
}
golden<Ctkd, CtkdExpected>('ctkd_temperature', (inputs, expected, { rel = 0, absLoss = 0, absGrad = 0, absGradTheta = 0 }) =>
  withLogits(inputs, (student, teacher) => {
    const policy: TemperatureSchedule = ctkd({ min: inputs.tInit, max: inputs.tInit + inputs.tRange, theta: inputs.theta });
    const variables = policy.variables?.({ classes: student.shape[1] as number, losses: ['soft'], random: createRandom(0) }) as {
      theta: tf.Variable;
    };
    const loss = (z: tf.Tensor): tf.Scalar => {
      const T = temperatureOf(policy, z, teacher, { scalars: { strength: inputs.lambda }, variables }) as tf.Tensor;
      return tf.mul(tf.square(T), tf.mean(divergence(z, teacher, T)));
    };
    expectClose(
      [...(temperatureOf(policy, student, teacher, { scalars: { strength: inputs.lambda }, variables }) as tf.Tensor).dataSync()],
      [expected.temperature],
      rel,
      1e-6,
    );
    const { value, grad } = tf.valueAndGrad(loss)(student);
    expectClose([...value.dataSync()], [expected.loss], rel, absLoss);
    expectClose([...grad.dataSync()], flat(expected.gradStudent), rel, absGrad);
    const { grads } = tf.variableGrads(() => loss(student), [variables.theta]);
    expectClose([...(grads[variables.theta.name] as tf.Tensor).dataSync()], [expected.gradTheta], rel, absGradTheta);
    variables.theta.dispose();
  }),
);
