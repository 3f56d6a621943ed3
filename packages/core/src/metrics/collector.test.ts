import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { defineMetric } from '../kit/define.js';
import { createMetrics } from './collector.js';
import { defaultMetrics } from './index.js';
import { topK } from './top-k.js';

/** A metric that is no mean: recall of each class, averaged, from two sums for each class. */
const macroRecall = defineMetric({
  type: 'macro-recall',
  better: 'max',
  unit: 'share',
  options: z.strictObject({}),
  create: () => ({
    sample({ student, labels, oneHot }) {
      const right = tf.mul(oneHot, tf.expandDims(tf.cast(tf.equal(student.top, labels), 'float32'), 1));
      return tf.transpose(tf.concat([oneHot, right], 1));
    },
    value(sums) {
      const classes = sums.length / 2;
      const recalls = [...sums.subarray(0, classes)].flatMap((count, i) => (count === 0 ? [] : [(sums[classes + i] as number) / count]));
      return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
    },
  }),
});
const metrics = [...defaultMetrics(), topK({ k: 2 }), macroRecall()];

const logit = fc.integer({ min: -4096, max: 4096 }).map((value) => value / 512);
/** Sequences of three positions, each with logits of four classes, a label and whether the mask counts it. */
const position = fc.record({
  student: fc.array(logit, { minLength: 4, maxLength: 4 }),
  teacher: fc.array(logit, { minLength: 4, maxLength: 4 }),
  label: fc.constantFrom(0, 1, 2, 3, -100),
  counted: fc.boolean(),
});
const sequences = fc.array(fc.array(position, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 12 });
type Sequences = readonly (readonly { student: number[]; teacher: number[]; label: number; counted: boolean }[])[];

async function measured(batches: readonly Sequences[]): Promise<Readonly<Record<string, number>>> {
  const collector = createMetrics({ classes: 4, metrics });
  for (const batch of batches) {
    const shape = [batch.length, 3] as const;
    const all = batch.flat();
    tf.tidy(() =>
      collector.update({
        student: tf.tensor3d(
          all.flatMap(({ student }) => student),
          [...shape, 4],
        ),
        teacher: tf.tensor3d(
          all.flatMap(({ teacher }) => teacher),
          [...shape, 4],
        ),
        labels: tf.tensor2d(
          all.map(({ label }) => label),
          [...shape],
          'int32',
        ),
        mask: tf.tensor2d(
          all.map(({ counted }) => Number(counted)),
          [...shape],
        ),
      }),
    );
  }
  const result = await collector.result();
  collector.dispose();
  return result;
}

describe('metrics of masked sequences', () => {
  test.prop([sequences, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 12, maxLength: 12 })], { numRuns: 50 })(
    'metrics of masked sequences do not depend on the split into batches',
    async (all, sizes) => {
      fc.pre(all.flat().some(({ label, counted }) => counted && label >= 0));
      const batches: Sequences[] = [];
      for (let from = 0; from < all.length; ) batches.push(all.slice(from, (from += sizes[batches.length] as number)));
      const [whole, split] = [await measured([all]), await measured(batches)];
      expect(Object.keys(whole)).toEqual(metrics.map(({ name }) => name));
      for (const { name } of metrics) expect(split[name]).toBeCloseTo(whole[name] as number, 5);
    },
  );
});

describe('a metric of a plug-in', () => {
  const broken = (sample: () => unknown) =>
    defineMetric({ type: 'broken', better: 'max', unit: '', options: z.strictObject({}), create: () => ({ sample: sample as never }) })();
  const update = (sample: () => unknown) => {
    const collector = createMetrics({ classes: 2, metrics: [topK({ k: 1 }), broken(sample)] });
    tf.tidy(() => collector.update({ student: tf.zeros([3, 2]), labels: tf.zeros([3], 'int32') }));
  };
  test.each([
    [() => tf.zeros([2]), 'got a tensor of shape [2]'],
    [() => tf.scalar(1), 'got a tensor of shape []'],
    [() => 0.5, 'got a number'],
  ])("a plug-in's metric is refused unless it gives a value per sample (case %#)", (sample, got) => {
    expect(() => update(sample)).toThrow(`metrics[1]: "broken" must return one value per sample, shape [n] or [m, n] with n = 3, ${got}`);
  });

  test("a plug-in's metric that throws is named in the error", () => {
    const fail = (): never => {
      throw new Error('no luck');
    };
    expect(() => update(fail)).toThrow(/^metrics\[1\]: .*no luck/);
  });

  test("a plug-in's metric is NaN for a sample whose logits are not finite", async () => {
    const collector = createMetrics({ classes: 2, metrics: [broken(() => tf.ones([1]))] });
    tf.tidy(() => collector.update({ student: tf.tensor2d([[Number.NaN, 0]]), labels: tf.zeros([1], 'int32') }));
    expect(await collector.result()).toEqual({ broken: Number.NaN });
    collector.dispose();
  });
});
