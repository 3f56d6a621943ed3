import * as tf from '@tensorflow/tfjs-node';
import type { Json, Temperature } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { expect } from 'vitest';
import { ats, dts, inverseDifficulty } from './index.js';
import { temperatureOf } from './testing/graph-side.js';
import { golden, expectClose } from './testing/golden.js';

type Numbers = number | readonly Numbers[];
interface Logits {
  readonly student: Numbers;
  readonly teacher: Numbers;
  readonly labels?: Numbers;
  readonly mask?: Numbers;
}

const flat = (values: Numbers): number[] => (typeof values === 'number' ? [values] : values.flatMap(flat));
const tensor = (values: Numbers, dtype: 'float32' | 'int32' = 'float32'): tf.Tensor => tf.tensor(values as number[], undefined, dtype);
const side = (temperature: Temperature, name: 'student' | 'teacher'): tf.Tensor =>
  'student' in temperature ? temperature[name] : temperature;

/** KL(softmax(x) ‖ softmax(y)) of softened logits, written out for the test alone. */
const divergence = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => tf.sum(tf.mul(tf.softmax(x), tf.sub(tf.logSoftmax(x), tf.logSoftmax(y))), -1);

/** Compares value per sample, mean over counted samples and its gradient with the reference. */
function expectLoss(
  student: tf.Tensor,
  values: (student: tf.Tensor) => tf.Tensor,
  counted: tf.Tensor,
  expected: { readonly loss: number; readonly perSample: Numbers; readonly gradStudent: Numbers },
  { rel = 0, absLoss = 0, absGrad = 0 }: Readonly<Record<string, number>>,
): void {
  const masked = (z: tf.Tensor): tf.Tensor => tf.mul(values(z), counted);
  expectClose([...masked(student).dataSync()], flat(expected.perSample), rel, absLoss);
  const { value, grad } = tf.valueAndGrad((z: tf.Tensor) => tf.div(tf.sum(masked(z)), tf.sum(counted)))(student);
  expectClose([...value.dataSync()], [expected.loss], rel, absLoss);
  expectClose([...grad.dataSync()], flat(expected.gradStudent), rel, absGrad);
}

interface Ats extends Logits {
  readonly labels: Numbers;
  readonly targetTemperature: number;
  readonly otherTemperature: number;
  readonly studentTemperature: number;
}
interface Expected {
  readonly loss: number;
  readonly perSample: Numbers;
  readonly gradStudent: Numbers;
}
golden<Ats, Expected & { readonly teacherProbabilities?: Numbers }>('temperature_ats', (inputs, expected, tolerance) =>
  expectNoLeakedTensors(() => {
    tf.tidy(() => {
      const [student, teacher] = [tensor(inputs.student), tensor(inputs.teacher)];
      const policy = ats({ target: inputs.targetTemperature, other: inputs.otherTemperature, student: inputs.studentTemperature });
      const temperature = temperatureOf(policy, student, teacher, { labels: tensor(inputs.labels, 'int32') });
      const counted = inputs.mask === undefined ? tf.ones(student.shape.slice(0, -1)) : tensor(inputs.mask);
      const hot = tf.div(teacher, side(temperature, 'teacher'));
      const { teacherProbabilities } = expected;
      if (teacherProbabilities !== undefined)
        expectClose(
          [...tf.mul(tf.softmax(hot), tf.expandDims(counted, -1)).dataSync()],
          flat(teacherProbabilities),
          tolerance['rel'] ?? 0,
          tolerance['absTeacherProbabilities'] ?? 0,
        );
      const scale = inputs.studentTemperature ** 2;
      const values = (z: tf.Tensor): tf.Tensor => tf.mul(scale, divergence(hot, tf.div(z, side(temperature, 'student'))));
      expectLoss(student, values, counted, expected, tolerance);
    });
  }),
);

interface Difficulty extends Logits {
  readonly baseTemperature: number;
  readonly scale: number;
  readonly divergence: 'forward' | 'reverse';
}
golden<Difficulty, Expected & { readonly temperatures: Numbers; readonly selected: Numbers }>(
  'temperature_idts',
  (inputs, expected, tolerance) =>
    expectNoLeakedTensors(() => {
      tf.tidy(() => {
        const [student, teacher, selected] = [tensor(inputs.student), tensor(inputs.teacher), tensor(expected.selected)];
        const policy = inverseDifficulty({ base: inputs.baseTemperature, scale: inputs.scale });
        const all = flat(expected.selected).every((one) => one === 1);
        const temperature = temperatureOf(policy, student, teacher, all ? {} : { mask: selected }) as tf.Tensor;
        const found = tf.mul(tf.squeeze(temperature, [-1]), selected);
        expectClose([...found.dataSync()], flat(expected.temperatures), tolerance['rel'] ?? 0, tolerance['absTemperatures'] ?? 0);
        const values = (z: tf.Tensor): tf.Tensor => {
          const [hot, own] = [tf.div(teacher, temperature), tf.div(z, temperature)];
          const apart = inputs.divergence === 'forward' ? divergence(hot, own) : divergence(own, hot);
          return tf.mul(tf.square(tf.squeeze(temperature, [-1])), apart);
        };
        // The temperatures are correct to 1e-5, and the loss cannot be more accurate than they are.
        const slack = { ...tolerance, rel: 1e-4 };
        expectLoss(student, values, selected, expected, slack);
      });
    }),
);

interface Dts {
  readonly initial: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly curveShape: number;
  readonly adaptive: boolean;
  readonly epochs: number;
  readonly updates: readonly { readonly epoch: number; readonly teacherLoss: number; readonly studentLoss: number }[];
}
golden<Dts, { readonly temperatures: number[] }>('temperature_dts', (inputs, expected, { rel = 0, abs = 0 }) => {
  const { initial, minimum, maximum, curveShape, adaptive, epochs, updates } = inputs;
  const policy = dts({ from: initial, min: minimum, max: maximum, curve: curveShape, rule: 'code' });
  let state: Json = policy.state?.initial ?? null;
  const temperatures = updates.map(({ epoch, teacherLoss, studentLoss }) => {
    // Without the adaptive part both losses are the same to the rule.
    const seen = { teacherCrossEntropy: teacherLoss, studentCrossEntropy: adaptive ? studentLoss : teacherLoss };
    state = policy.state?.observe(state, seen, { step: epoch - 1, total: epochs }) ?? null;
    return policy.scalars({ step: epoch - 1, total: epochs }, state)['value'] as number;
  });
  expect(temperatures).toHaveLength(updates.length);
  expectClose(temperatures, expected.temperatures, rel, abs);
});
