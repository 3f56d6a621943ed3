import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import type { Loss } from '@temper/core';
import { correlationCongruence, multiLevelLogits, pkt, rkd, similarityPreserving } from '@temper/losses';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { casesOf, expectNear, hasGolden, type GoldenCase } from '../../../../fixtures/golden.js';
import { compiledEngine } from './engine.js';

const pair = { student: 's', teacher: 't' };
const is = (given: unknown): number => given as number;
type OfTensors = (student: tf.Tensor, teacher: tf.Tensor) => tf.Tensor;

const onFeatures =
  (loss: Loss): OfTensors =>
  (student, teacher) =>
    loss({ student: tf.zeros([student.shape[0] as number, 2]), taps: { student: { s: student }, teacher: { t: teacher } } });

/** Each file's loss, made from a case's inputs. */
const files: Readonly<Record<string, (inputs: GoldenCase['inputs']) => OfTensors>> = {
  rkd: ({ distanceWeight, angleWeight }) => onFeatures(rkd({ ...pair, distance: is(distanceWeight), angle: is(angleWeight) })),
  similarity_preserving: () => onFeatures(similarityPreserving(pair)),
  pkt: () => onFeatures(pkt(pair)),
  correlation_congruence: () => onFeatures(correlationCongruence(pair)),
  multi_level_logit: ({ temperatures }) => {
    const loss = multiLevelLogits({ temperatures: temperatures as number[] });
    return (student, teacher) => loss({ student, teacher });
  },
};

const engine = compiledEngine();

describe.skipIf(!hasGolden)('golden numbers of recorded steps (skipped where ../shared/golden is absent)', () => {
  for (const [file, make] of Object.entries(files)) {
    test.each(casesOf(file).map((one) => [one.name, one] as const))(
      `a recorded step of ${file} gives its golden number: %s`,
      async (_, one) => {
        await expectNoLeakedTensors(() => {
          const loss = make(one.inputs);
          const warnings: string[] = [];
          const step = engine.prepare({
            name: file,
            state: [],
            warn: (message) => void warnings.push(message),
            body({ student, teacher }) {
              const { value, grad } = tf.valueAndGrad((at: tf.Tensor) => loss(at, teacher as tf.Tensor))(student as tf.Tensor);
              return { value, grad };
            },
          });
          const batch = { student: tf.tensor(one.inputs.student), teacher: tf.tensor(one.inputs.teacher) };
          const { rel, absLoss, absGrad } = one.tolerance;
          // The first update records the step; the second runs the recording.
          for (let update = 0; update < 2; update++) {
            const { value, grad } = step.run(batch, {}) as Record<'value' | 'grad', tf.Tensor>;
            expectNear('loss', value, one.expected.loss, rel, absLoss);
            expectNear('gradStudent', grad, one.expected.gradStudent, rel, absGrad);
            tf.dispose([value, grad]);
          }
          step.dispose();
          tf.dispose(batch);
          expect(warnings).toEqual([]);
        });
      },
    );
  }
});
