import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { createKit, type Loss, type LossInputs } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, test } from 'vitest';
import { losses } from '../index.js';
import { casesOf, expectNear, hasGolden, type GoldenCase as Case, type Numbers } from '../../../../fixtures/golden.js';

const kit = createKit({ plugins: [losses] });
const is = (given: Numbers | undefined): number => given as number;
/** A name among the inputs. */
const of = (given: unknown): never => given as never;

/** Each file's loss, made from a case's inputs under the papers' names. */
const files: Readonly<Record<string, (inputs: Case['inputs']) => Loss>> = {
  hard_cross_entropy: () => kit.loss({ type: 'cross-entropy' }),
  soft_kl_t2: () => kit.loss({ type: 'kl' }),
  soft_kl_plain: () => kit.loss({ type: 'kl', scale: 'none' }),
  soft_cross_entropy: () => kit.loss({ type: 'soft-cross-entropy' }),
  mse_logits: () => kit.loss({ type: 'mse' }),
  annealing_kd_phase1: ({ maxTemperature }) => kit.loss({ type: 'annealing-kd', maxTemperature: is(maxTemperature) }),
  generalized_jsd: ({ beta }) => kit.loss({ type: 'generalized-jsd', beta: is(beta) }),
  dkd: ({ alpha, beta }) => kit.loss({ type: 'dkd', alpha: is(alpha), beta: is(beta) }),
  dist: ({ beta, gamma }) => kit.loss({ type: 'dist', beta: is(beta), gamma: is(gamma) }),
  ttm: () => kit.loss({ type: 'ttm' }),
  wttm: () => kit.loss({ type: 'wttm' }),
  wsl: ({ alpha, hardWeight }) => kit.loss({ type: 'wsl', alpha: is(alpha), hardWeight: is(hardWeight) }),
  skew_kl: ({ direction, lambda }) => kit.loss({ type: 'skew-kl', direction: of(direction), skew: is(lambda) }),
  adaptive_kl: ({ headThreshold, headRule }) => kit.loss({ type: 'adaptive-kl', threshold: is(headThreshold), rule: of(headRule) }),
  todi: () => kit.loss({ type: 'todi' }),
  taid: ({ share }) => kit.loss({ type: 'taid', share: is(share) }),
  logit_standardization: () => kit.loss({ type: 'logit-standardization', of: { type: 'kl' } }),
  combined_hard_soft: ({ softWeight, hardWeight }) =>
    sum(kit.loss({ type: 'kl' }), is(softWeight), kit.loss({ type: 'cross-entropy' }), is(hardWeight)),
  // Policies of other packages decide these temperatures; given them, the losses must agree.
  temperature_flsw: () => kit.loss({ type: 'soft-cross-entropy' }),
  temperature_cwsm: () => kit.loss({ type: 'soft-cross-entropy' }),
  dtkd: ({ alpha, beta, hardWeight }) => dynamic(is(alpha), is(beta), is(hardWeight)),
};

const sum =
  (a: Loss, weightOfA: number, b: Loss, weightOfB: number): Loss =>
  (x) =>
    tf.tidy(() => tf.add(tf.mul(a(x), weightOfA), tf.mul(b(x), weightOfB)));

/** Temperatures that depend on both sides' largest logits, with a gradient through the student's. */
const dynamic =
  (alpha: number, beta: number, hardWeight: number): Loss =>
  (x) =>
    tf.tidy(() => {
      const kl = kit.loss({ type: 'kl' });
      const most = { student: tf.max(x.student, -1, true), teacher: tf.max(x.teacher as tf.Tensor, -1, true) };
      const unit = tf.div(2 * (x.temperature as number), tf.add(most.student, most.teacher));
      const temperature = { student: tf.mul(most.student, unit), teacher: tf.mul(most.teacher, unit) };
      const soft = tf.add(tf.mul(kl({ ...x, temperature }), alpha), tf.mul(kl(x), beta));
      return tf.add(soft, tf.mul(kit.loss({ type: 'cross-entropy' })(x), hardWeight));
    });

function inputsOf({ inputs, expected }: Case): LossInputs {
  const temperatures = expected['temperatures'];
  return {
    student: tf.tensor(inputs.student),
    teacher: tf.tensor(inputs.teacher),
    temperature: temperatures === undefined ? (inputs.temperature ?? 1) : tf.expandDims(tf.tensor(temperatures as number[]), -1),
    ...(inputs.labels === undefined ? {} : { labels: tf.tensor(inputs.labels, undefined, 'int32') }),
    ...(inputs.mask === undefined ? {} : { mask: tf.tensor(inputs.mask, undefined, 'int32') }),
  };
}

const batchMean = (values: tf.Tensor, { mask }: LossInputs): tf.Tensor =>
  values.rank === 0 ? values : mask === undefined ? tf.mean(values) : tf.div(tf.sum(values), tf.sum(mask));

function check(loss: Loss, one: Case): void {
  tf.tidy(() => {
    const x = inputsOf(one);
    const { expected, tolerance } = one;
    const values = loss(x);
    if (expected['perSample'] !== undefined) expectNear('perSample', values, expected['perSample'], tolerance.rel, tolerance.absLoss);
    expectNear('loss', batchMean(values, x), expected.loss, tolerance.rel, tolerance.absLoss);
    const gradient = tf.grad((student) => batchMean(loss({ ...x, student }), x))(x.student);
    expectNear('gradStudent', gradient, expected.gradStudent, tolerance.rel, tolerance.absGrad);
  });
}

describe.skipIf(!hasGolden)('golden numbers (skipped where ../shared/golden is absent)', () => {
  for (const [file, make] of Object.entries(files)) {
    describe(file, () => {
      test.each(casesOf(file).map((one) => [one.name, one] as const))('the loss equals its golden number: %s', async (_, one) => {
        await expectNoLeakedTensors(() => check(make(one.inputs), one));
      });
    });
  }

  test.each(casesOf('ctkd_temperature').map((one) => [one.name, one] as const))(
    'the gradient of a learned temperature equals its golden number: %s',
    async (_, one) => {
      await expectNoLeakedTensors(() =>
        tf.tidy(() => {
          const { theta, tInit, tRange } = one.inputs;
          const x = inputsOf(one);
          const loss = (student: tf.Tensor, at: tf.Tensor): tf.Tensor =>
            tf.mean(kit.loss({ type: 'kl' })({ ...x, student, temperature: tf.add(is(tInit), tf.mul(is(tRange), tf.sigmoid(at))) }));
          const { value, grads } = tf.valueAndGrads((student, at) => loss(student, at) as tf.Scalar)([x.student, tf.scalar(is(theta))]);
          const { rel, absLoss, absGrad, absGradTheta } = one.tolerance;
          expectNear('loss', value, one.expected.loss, rel, absLoss);
          expectNear('gradStudent', grads[0] as tf.Tensor, one.expected.gradStudent, rel, absGrad);
          expectNear('gradTheta', grads[1] as tf.Tensor, one.expected['gradThetaPlain'] as number, rel, absGradTheta as number);
        }),
      );
    },
  );
});
