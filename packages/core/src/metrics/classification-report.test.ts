import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { createReport } from './classification-report.js';
import { createMetrics } from './collector.js';

test('createReport counts classes without predictions and without samples', () => {
  const report = createReport({ classes: ['a', 'b', 'c'], bins: 2 });
  // Predicted: a, a, b, a; the last sample is not counted.
  report.add([2, 0, 0, 1, 0, 0, 0, 3, 0, 4, 0, 0, 0, 0, 9], [0, 1, 1, 0, -100]);
  report.add([0, 0, 5], [0], [0]);
  const { samples, perClass, confusion, macro } = report.result();
  expect(samples).toBe(4);
  expect(confusion).toEqual([
    [2, 0, 0],
    [1, 1, 0],
    [0, 0, 0],
  ]);
  expect(perClass).toEqual([
    { class: 'a', precision: 2 / 3, recall: 1, f1: 4 / 5, support: 2 },
    { class: 'b', precision: 1, recall: 1 / 2, f1: 2 / 3, support: 2 },
    { class: 'c', precision: null, recall: null, f1: null, support: 0 },
  ]);
  expect(macro.precision).toBeCloseTo(5 / 6, 12);
  expect(macro.recall).toBeCloseTo(3 / 4, 12);
  expect(macro.f1).toBeCloseTo((4 / 5 + 2 / 3) / 2, 12);
});

const logit = fc.integer({ min: -500, max: 500 }).map((x) => x / 100);
const rows = fc.array(fc.tuple(fc.array(logit, { minLength: 3, maxLength: 3 }), fc.nat(2)), { minLength: 1, maxLength: 40 });
test.prop([rows], { numRuns: 30 })('accuracy and calibration error of the report equal the metrics', async (samples) => {
  const [logits, labels] = [samples.flatMap(([row]) => row), samples.map(([, label]) => label)];
  const report = createReport({ classes: ['a', 'b', 'c'] });
  report.add(logits, labels);
  const { confusion, calibration } = report.result();
  const metrics = createMetrics({ classes: 3 });
  tf.tidy(() => metrics.update({ student: tf.tensor2d(logits, [labels.length, 3]), labels: tf.tensor1d(labels, 'int32') }));
  const { accuracy, ece } = await metrics.result();
  metrics.dispose();
  expect(confusion.reduce((sum, row, i) => sum + (row[i] as number), 0) / labels.length).toBeCloseTo(accuracy as number, 6);
  const error =
    calibration.reduce((sum, { count, confidence, accuracy: right }) => sum + count * Math.abs((right ?? 0) - (confidence ?? 0)), 0) /
    labels.length;
  // A confidence at the edge of a bin may fall on either side of it, by a rounding.
  expect(Math.abs(error - (ece as number))).toBeLessThan(1e-4 + edges(logits));
});

/** 1 where a confidence is so near to an edge of a bin that float32 may put it into the next. */
function edges(logits: readonly number[]): number {
  for (let i = 0; i < logits.length; i += 3) {
    const row = logits.slice(i, i + 3);
    const most = Math.max(...row);
    const confidence = 1 / row.reduce((sum, one) => sum + Math.exp(one - most), 0);
    if (Math.abs(confidence * 15 - Math.round(confidence * 15)) < 1e-4) return 1;
  }
  return 0;
}
