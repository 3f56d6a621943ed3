import '@tensorflow/tfjs-node';
import { existsSync, readFileSync } from 'node:fs';
import { fc, test } from '@fast-check/vitest';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect } from 'vitest';
import { deviations, measure, reference, type Rows, type Samples } from './fixtures.js';
import { createMetrics } from './collector.js';
import { accuracy } from './accuracy.js';
import { ece as calibrationError } from './ece.js';
import { defaultMetrics } from './index.js';
import { topK } from './top-k.js';

const logit = fc.integer({ min: -8192, max: 8192 }).map((value) => value / 1024);
const samples = (most: number, teacher = true): fc.Arbitrary<Samples> =>
  fc.tuple(fc.integer({ min: 2, max: 7 }), fc.integer({ min: 1, max: most })).chain(([classes, size]) => {
    const rows = fc.array(fc.uniqueArray(logit, { minLength: classes, maxLength: classes }), { minLength: size, maxLength: size });
    const labels = fc.array(fc.integer({ min: 0, max: classes - 1 }), { minLength: size, maxLength: size });
    return teacher ? fc.record({ student: rows, teacher: rows, labels }) : fc.record({ student: rows, labels });
  });
/** A confidence near an inner edge of a bin may fall on either side of it in float32. */
const nearEdge = ({ student }: Samples): boolean =>
  student.some((row) => {
    const confidence = 1 / row.reduce((sum, value) => sum + Math.exp(value - Math.max(...row)), 0);
    return Math.abs(confidence * 15 - Math.round(confidence * 15)) < 1e-4 && confidence < 0.99;
  });

const golden = new URL('../../../../../shared/golden/metrics.json', import.meta.url);
interface GoldenCase {
  readonly name: string;
  readonly inputs: Samples & { readonly bins: number };
  readonly expected: Readonly<Record<string, number>>;
  readonly tolerance: { readonly rel: number; readonly abs: number };
}
describe.skipIf(!existsSync(golden))('the published numbers (skipped where ../shared/golden is absent)', () => {
  const { cases } = existsSync(golden) ? (JSON.parse(readFileSync(golden, 'utf8')) as { cases: GoldenCase[] }) : { cases: [] };
  test.each(cases)('metrics equal the published numbers of $name', async ({ inputs, expected, tolerance }) => {
    const { accuracy, agreement, ...rest } = await measure(inputs, {
      metrics: [...defaultMetrics().filter(({ name }) => name !== 'ece'), calibrationError({ bins: inputs.bins })],
    });
    expect([accuracy, agreement]).toEqual([expected['accuracy'], expected['top1Agreement']]);
    const { nll, brier, ece, klTeacherStudent: kl } = expected as Record<'nll' | 'brier' | 'ece' | 'klTeacherStudent', number>;
    expect(deviations(rest, { nll, brier, ece, kl }, tolerance)).toEqual([]);
  });
});

describe('laws', () => {
  test.prop([samples(12)])('metrics equal their definitions in float64', async (given) => {
    fc.pre(!nearEdge(given));
    expect(deviations(await measure(given), reference(given))).toEqual([]);
  });
  test.prop([samples(24), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 24, maxLength: 24 })], { numRuns: 50 })(
    'uneven batches give the metrics of a single batch',
    async (given, sizes) => {
      expect(deviations(await measure(given, {}, sizes), await measure(given), { rel: 1e-6, abs: 1e-7 })).toEqual([]);
    },
  );
  test.prop([samples(6), fc.integer({ min: -4096, max: 4096 })])(
    'a constant added to the logits changes no metric',
    async (given, shift) => {
      const moved = (rows: Rows | undefined): number[][] => (rows as Rows).map((row) => row.map((value) => value + shift));
      expect(
        deviations(await measure({ ...given, student: moved(given.student), teacher: moved(given.teacher) }), await measure(given)),
      ).toEqual([]);
    },
  );
  test.prop([samples(6, false)])('a student that is its own teacher has agreement 1 and divergence exactly 0', async (given) => {
    const { agreement, kl } = await measure({ ...given, teacher: given.student });
    expect([agreement, kl]).toEqual([1, 0]);
  });
  test.each([1e-1, 1e-2, 1e-3])('the divergence of a student near its teacher is exact to 1e-5: %d', async (noise) => {
    const rows = (size: number, phase: number): number[][] =>
      Array.from({ length: 40 }, (_, row) => Array.from({ length: 5 }, (__, column) => size * Math.sin(7.3 * row + 3.1 * column + phase)));
    const teacher = rows(3, 0).map((row) => row.map(Math.fround));
    const student = rows(noise, 1).map((row, i) => row.map((value, k) => Math.fround(value + (teacher[i]?.[k] as number))));
    const given = { student, teacher, labels: teacher.map(() => 0) };
    expect(deviations({ kl: (await measure(given))['kl'] as number }, { kl: reference(given)['kl'] as number }, { abs: 0 })).toEqual([]);
  });
  test.prop([samples(6)])('top-k grows with k from the accuracy to 1', async (given) => {
    const classes = given.student[0]?.length as number;
    const tops: number[] = [];
    for (let k = 1; k <= classes; k++) tops.push((await measure(given, { metrics: [topK({ k })] }))[`top${k}`] as number);
    expect(tops[0]).toBe((await measure(given, { metrics: [accuracy()] }))['accuracy']);
    expect(tops.at(-1)).toBe(1);
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
  });
  test.prop([samples(8), fc.infiniteStream(fc.boolean())])('masked samples and labels of −100 do not count', async (given, stream) => {
    const classes = given.student[0]?.length as number;
    const counted = given.labels.map(() => stream.next().value as boolean);
    fc.pre(counted.some(Boolean));
    const kept = <T>(all: readonly T[] | undefined): T[] => (all as readonly T[]).filter((_, i) => counted[i]);
    const want = await measure({ student: kept(given.student), teacher: kept(given.teacher), labels: kept(given.labels) });
    // Nothing of what is not counted may leak: its logits are not even numbers.
    const spoilt = (rows: Rows | undefined) =>
      tf.tensor3d((rows as Rows).map((row, i) => (counted[i] ? [...row] : row.map(() => Number.NaN))).flat(), [1, counted.length, classes]);
    for (const way of ['mask', 'label'] as const) {
      const metrics = createMetrics({ classes });
      tf.tidy(() =>
        metrics.update({
          student: spoilt(given.student),
          teacher: spoilt(given.teacher),
          labels: tf.tensor2d([given.labels.map((label, i) => (way === 'mask' || counted[i] ? label : -100))], undefined, 'int32'),
          ...(way === 'mask' ? { mask: tf.tensor2d([counted.map(Number)]) } : {}),
        }),
      );
      expect(deviations(await metrics.result(), want, { rel: 1e-6, abs: 1e-7 })).toEqual([]);
      metrics.dispose();
    }
  });
});
