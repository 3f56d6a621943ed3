import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import type { Loss } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, test } from 'vitest';
import { correlationCongruence, fitnets, multiLevelLogits, pkt, rkd, similarityPreserving } from '../index.js';
import { casesOf, expectNear, hasGolden, type GoldenCase } from '../../../../fixtures/golden.js';

const pair = { student: 's', teacher: 't' };
type Inputs = GoldenCase['inputs'];
const is = (given: unknown): number => given as number;

/** Each file's loss on features, made from a case's inputs. */
const files: Readonly<Record<string, (inputs: Inputs) => Loss>> = {
  rkd: ({ distanceWeight, angleWeight }) => rkd({ ...pair, distance: is(distanceWeight), angle: is(angleWeight) }),
  similarity_preserving: () => similarityPreserving(pair),
  pkt: () => pkt(pair),
  correlation_congruence: () => correlationCongruence(pair),
};

const onFeatures =
  (loss: Loss, teacher: tf.Tensor) =>
  (features: tf.Tensor): tf.Tensor =>
    loss({ student: tf.zeros([features.shape[0] as number, 2]), taps: { student: { s: features }, teacher: { t: teacher } } });

async function check(one: GoldenCase, loss: (student: tf.Tensor, teacher: tf.Tensor) => tf.Tensor): Promise<void> {
  const { inputs, expected, tolerance } = one;
  await expectNoLeakedTensors(() =>
    tf.tidy(() => {
      const [student, teacher] = [tf.tensor(inputs.student), tf.tensor(inputs.teacher)];
      expectNear('loss', loss(student, teacher), expected.loss, tolerance.rel, tolerance.absLoss);
      const gradient = tf.grad((at: tf.Tensor) => loss(at, teacher))(student);
      expectNear('gradStudent', gradient, expected.gradStudent, tolerance.rel, tolerance.absGrad);
    }),
  );
}

describe.skipIf(!hasGolden)('golden numbers (skipped where ../shared/golden is absent)', () => {
  for (const [file, make] of Object.entries(files)) {
    test.each(casesOf(file).map((one) => [one.name, one] as const))(`${file} equals its golden number: %s`, (_, one) =>
      check(one, (student, teacher) => onFeatures(make(one.inputs), teacher)(student)),
    );
  }

  test.each(casesOf('multi_level_logit').map((one) => [one.name, one] as const))(
    'multi_level_logit equals its golden number: %s',
    async (_, one) => {
      const temperatures = one.inputs['temperatures'] as number[];
      await check(one, (student, teacher) => multiLevelLogits({ temperatures })({ student, teacher }));
      const { rel, absLoss, absGrad } = one.tolerance;
      const { student, teacher } = one.inputs;
      for (const [part, name] of [
        ['instance', 'Instance'],
        ['batch', 'BatchCorrelation'],
        ['class', 'ClassCorrelation'],
      ] as const) {
        tf.tidy(() => {
          const alone = multiLevelLogits({ temperatures, instance: 0, batch: 0, class: 0, [part]: 1 });
          const gradient = tf.grad((at: tf.Tensor) => alone({ student: at, teacher: tf.tensor(teacher) }))(tf.tensor(student));
          expectNear(`grad${name}`, gradient, one.expected[`grad${name}`] as number[], rel, absGrad);
          const of = name === 'Instance' ? 'instance' : `${part}Correlation`;
          const value = alone({ student: tf.tensor(student), teacher: tf.tensor(teacher) });
          expectNear(of, value, one.expected[of] as number, rel, absLoss);
        });
      }
    },
  );

  const regressions = casesOf('embed_distill').filter(({ name }) => name.endsWith('_mse') && !name.startsWith('columns'));
  test.each(regressions.map((one) => [one.name, one] as const))(
    'fitnets equals the golden number of a regression of embeddings: %s',
    (_, one) =>
      check(one, (student, teacher) => {
        const map = one.inputs['projection'] as unknown as { weight: number[][]; bias: number[] } | undefined;
        const variables = (map && { projection: tf.transpose(tf.tensor2d(map.weight)), bias: tf.tensor1d(map.bias) }) as never;
        const taps = { student: { s: student }, teacher: { t: teacher } };
        return tf.mean(fitnets(pair)({ student: tf.zeros([student.shape[0] as number, 2]), taps, variables }));
      }),
  );
});
