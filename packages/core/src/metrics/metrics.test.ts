import '@tensorflow/tfjs-node';
import { existsSync, readFileSync } from 'node:fs';
import { fc, test } from '@fast-check/vitest';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect } from 'vitest';
import { expectNoLeakedTensors } from '../testing/index.js';
import { createMetrics, type MetricsOptions } from './index.js';
import { createRunningSums } from './running-sums.js';

type Rows = readonly (readonly number[])[];
interface Samples {
  readonly student: Rows;
  readonly teacher?: Rows;
  readonly labels: readonly number[];
}

/** All metrics of samples given in batches of these sizes (by default all at once). */
function measure(samples: Samples, options: Partial<MetricsOptions> = {}, sizes: readonly number[] = [samples.labels.length]) {
  return expectNoLeakedTensors(async () => {
    const classes = samples.student[0]?.length as number;
    const metrics = createMetrics({ classes, ...options });
    let from = 0;
    for (const size of sizes) {
      if (from >= samples.labels.length) break;
      const part = <T>(all: readonly T[]): T[] => all.slice(from, from + size);
      const rows = (all: Rows) => tf.tensor2d(part(all).flat(), [part(all).length, classes]);
      tf.tidy(() => metrics.update({ student: rows(samples.student), labels: tf.tensor1d(part(samples.labels), 'int32'), ...(samples.teacher === undefined ? {} : { teacher: rows(samples.teacher) }) }));
      from += size;
    }
    const result = await metrics.result();
    metrics.dispose();
    return result;
  });
}

/** The definitions in float64, sample by sample. */
function reference({ student, teacher, labels }: Samples, bins = 15): Record<string, number> {
  const softmax = (row: readonly number[]): number[] => {
    const largest = Math.max(...row);
    const exponentials = row.map((value) => Math.exp(value - largest));
    const sum = exponentials.reduce((a, b) => a + b);
    return exponentials.map((value) => value / sum);
  };
  const logSoftmax = (row: readonly number[]): number[] => {
    const largest = Math.max(...row);
    const logSum = Math.log(row.reduce((sum, value) => sum + Math.exp(value - largest), 0));
    return row.map((value) => value - largest - logSum);
  };
  const mean = (of: (row: readonly number[], label: number, index: number) => number) => student.reduce((sum, row, i) => sum + of(row, labels[i] as number, i), 0) / student.length;
  const top = (row: readonly number[]) => row.indexOf(Math.max(...row));
  const gaps = new Array<number>(bins).fill(0);
  student.forEach((row, i) => {
    const confidence = Math.max(...softmax(row));
    const bin = Math.ceil(confidence * bins) - 1;
    gaps[bin] = (gaps[bin] as number) + (top(row) === labels[i] ? 1 : 0) - confidence;
  });
  const teacherOf = (i: number): readonly number[] => teacher?.[i] as readonly number[];
  return {
    accuracy: mean((row, label) => Number(top(row) === label)),
    nll: mean((row, label) => -(logSoftmax(row)[label] as number)),
    brier: mean((row, label) => softmax(row).reduce((sum, p, c) => sum + (p - Number(c === label)) ** 2, 0)),
    ece: gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / student.length,
    ...(teacher === undefined
      ? {}
      : {
          agreement: mean((row, _, i) => Number(top(row) === top(teacherOf(i)))),
          kl: mean((row, _, i) => softmax(teacherOf(i)).reduce((sum, p, c) => sum + p * ((logSoftmax(teacherOf(i))[c] as number) - (logSoftmax(row)[c] as number)), 0)),
        }),
  };
}

function expectClose(got: Readonly<Record<string, number>>, want: Readonly<Record<string, number>>, { rel = 1e-5, abs = 1e-6 } = {}): void {
  expect(Object.keys(got).sort()).toEqual(Object.keys(want).sort());
  for (const [name, value] of Object.entries(want)) {
    expect(Math.abs((got[name] as number) - value), `${name}: ${got[name]} for ${value}`).toBeLessThanOrEqual(rel * Math.abs(value) + abs);
  }
}

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
  test.each(cases)('$name', async ({ inputs, expected, tolerance }) => {
    const { accuracy, agreement, ...rest } = await measure(inputs, { bins: inputs.bins });
    expect([accuracy, agreement]).toEqual([expected['accuracy'], expected['top1Agreement']]);
    const { nll, brier, ece, klTeacherStudent: kl } = expected as Record<'nll' | 'brier' | 'ece' | 'klTeacherStudent', number>;
    expectClose(rest, { nll, brier, ece, kl }, tolerance);
  });
});

describe('laws', () => {
  test.prop([samples(12)])('the definitions in float64', async (given) => {
    fc.pre(!nearEdge(given));
    expectClose(await measure(given), reference(given));
  });
  test.prop([samples(24), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 24, maxLength: 24 })], { numRuns: 50 })('uneven batches give what one batch gives', async (given, sizes) => {
    expectClose(await measure(given, {}, sizes), await measure(given), { rel: 1e-6, abs: 1e-7 });
  });
  test.prop([samples(6), fc.integer({ min: -4096, max: 4096 })])('a constant added to the logits changes nothing', async (given, shift) => {
    const moved = (rows: Rows | undefined): number[][] => (rows as Rows).map((row) => row.map((value) => value + shift));
    expectClose(await measure({ ...given, student: moved(given.student), teacher: moved(given.teacher) }), await measure(given));
  });
  test.prop([samples(6, false)])('a student that is its own teacher agrees with it everywhere, at a distance of exactly 0', async (given) => {
    const { agreement, kl } = await measure({ ...given, teacher: given.student });
    expect([agreement, kl]).toEqual([1, 0]);
  });
  test.prop([samples(6)])('top k grows with k from the accuracy to 1', async (given) => {
    const classes = given.student[0]?.length as number;
    const tops: number[] = [];
    for (let topK = 1; topK <= classes; topK++) tops.push((await measure(given, { topK }))[`top${topK}`] as number);
    expect(tops[0]).toBe((await measure(given)).accuracy);
    expect(tops.at(-1)).toBe(1);
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
  });
  test.prop([samples(8), fc.infiniteStream(fc.boolean())])('what is masked, or labelled −100, counts as if it were not there', async (given, stream) => {
    const classes = given.student[0]?.length as number;
    const counted = given.labels.map(() => stream.next().value as boolean);
    fc.pre(counted.some(Boolean));
    const kept = <T>(all: readonly T[] | undefined): T[] => (all as readonly T[]).filter((_, i) => counted[i]);
    const want = await measure({ student: kept(given.student), teacher: kept(given.teacher), labels: kept(given.labels) });
    // Nothing of what is not counted may leak: its logits are not even numbers.
    const spoilt = (rows: Rows | undefined) => tf.tensor3d((rows as Rows).map((row, i) => (counted[i] ? [...row] : row.map(() => Number.NaN))).flat(), [1, counted.length, classes]);
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
      expectClose(await metrics.result(), want, { rel: 1e-6, abs: 1e-7 });
      metrics.dispose();
    }
  });
});

describe('extremes', () => {
  test('logits of ±10,000 give finite metrics, right to the last digit of float32', async () => {
    const given = { student: [[1e4, -1e4, 0], [-1e4, 1e4, 9999], [0, 0.5, 1e4]], teacher: [[-1e4, 1e4, 0], [-1e4, 1e4, 9999], [1e4, 0, 0.5]], labels: [0, 1, 0] };
    expectClose(await measure(given), reference(given));
  });
  test('a class that is ruled out (−∞) does not spoil the others', async () => {
    const { nll, kl, accuracy } = await measure({ student: [[0, -Infinity, 0]], teacher: [[0, -Infinity, 0]], labels: [0] });
    expect(accuracy).toBe(1);
    expect(nll).toBeCloseTo(Math.log(2), 6);
    expect(kl).toBe(0);
  });
  test.each([Number.NaN, Infinity])('a logit of %d gives NaN, not the accuracy of garbage', async (bad) => {
    const good = [[1, 2, 3], [3, 2, 1]];
    const spoilt = await measure({ student: [[1, bad, 3], [3, 2, 1]], teacher: good, labels: [2, 0] }, { topK: 2 });
    for (const value of Object.values(spoilt)) expect(value).toBeNaN();
    const { accuracy, agreement, kl } = await measure({ student: good, teacher: [[bad, 1, 2], [3, 2, 1]], labels: [2, 0] });
    expect([accuracy, agreement, kl]).toEqual([1, Number.NaN, Number.NaN]);
  });
  test('equal logits are one guess, not a hit among the first k', async () => {
    const student = [0, 1, 2, 3].map(() => [5, 5, 5, 5]);
    const { accuracy, top2 } = await measure({ student, labels: [0, 1, 2, 3] }, { topK: 2 });
    expect([accuracy, top2]).toEqual([0.25, 0.5]);
  });
  test('a confidence on the edge of two bins counts in the lower one, 1 in the last', async () => {
    // 1/3 = 5/15 closes bin 4; were it in bin 5, the gaps of the two confidences would not cancel.
    const { ece } = await measure({ student: [[0, 0, 0], [0, 0, 0], [0, 0, 0], [100, 0, 0]], labels: [0, 1, 2, 0] });
    expect(ece).toBeCloseTo(0, 6);
  });
});

describe('over many samples', () => {
  test('a million samples in uneven batches: sums keep their digits', async () => {
    const batch = Array.from({ length: 999 }, (_, i) => [Math.sin(i), Math.cos(3 * i), Math.sin(7 * i)].map(Math.fround));
    const labels = batch.map((_, i) => i % 3);
    const want = reference({ student: batch, labels });
    const metrics = createMetrics({ classes: 3 });
    const [student, target] = [tf.tensor2d(batch), tf.tensor1d(labels, 'int32')];
    const first = { student: tf.slice(student, 0, 400), labels: tf.slice(target, 0, 400) };
    const second = { student: tf.slice(student, 400), labels: tf.slice(target, 400) };
    for (let i = 0; i < 1002; i++) {
      metrics.update(first);
      metrics.update(second);
    }
    expectClose(await metrics.result(), want, { rel: 1e-6, abs: 1e-7 });
    metrics.dispose();
    tf.dispose([student, target, first, second]);
  });
  test('counts stay exact where float32 would stop counting', async () => {
    const sums = createRunningSums();
    const value = tf.tensor1d([2 ** 22 + 1, 0.1]);
    for (let i = 0; i < 1000; i++) sums.add(value);
    const [count, tenths] = (await sums.read()) as Float64Array;
    expect(count).toBe(1000 * (2 ** 22 + 1));
    expect(tenths).toBeCloseTo(1000 * Math.fround(0.1), 8);
    sums.dispose();
    value.dispose();
  });
  test('the number of live tensors is the same after every batch', async () => {
    const metrics = createMetrics({ classes: 3 });
    const batch = { student: tf.tensor2d([[1, 2, 3]]), labels: tf.tensor1d([2], 'int32') };
    const live = Array.from({ length: 50 }, () => {
      tf.tidy(() => metrics.update(batch));
      return tf.memory().numTensors;
    });
    expect(new Set(live).size).toBe(1);
    tf.dispose(batch);
    metrics.dispose();
  });
});

describe('use', () => {
  const update = (metrics: ReturnType<typeof createMetrics>, right: boolean) =>
    tf.tidy(() => metrics.update({ student: tf.tensor2d([[0, right ? 1 : -1]]), labels: tf.tensor1d([1], 'int32') }));
  test('a result may be asked for in between, twice at once, and after a reset', () =>
    expectNoLeakedTensors(async () => {
      const metrics = createMetrics({ classes: 2 });
      update(metrics, true);
      const [one, same] = await Promise.all([metrics.result(), metrics.result()]);
      expect(one).toEqual(same);
      expect(one.accuracy).toBe(1);
      update(metrics, false);
      expect((await metrics.result()).accuracy).toBe(0.5);
      metrics.reset();
      update(metrics, false);
      expect((await metrics.result()).accuracy).toBe(0);
      metrics.dispose();
      metrics.dispose();
    }));
  test('nothing counted is NaN, not 0', async () => {
    const metrics = createMetrics({ classes: 2 });
    expect(await metrics.result()).toEqual({ accuracy: Number.NaN, nll: Number.NaN, brier: Number.NaN, ece: Number.NaN });
  });
  test('batches without a teacher beside others: agreement is a mean over those with one', async () => {
    const metrics = createMetrics({ classes: 2 });
    update(metrics, true);
    tf.tidy(() => metrics.update({ student: tf.tensor2d([[0, 1]]), teacher: tf.tensor2d([[0, 3]]), labels: tf.tensor1d([0], 'int32') }));
    const { agreement, accuracy } = await metrics.result();
    expect([agreement, accuracy]).toEqual([1, 0.5]);
    metrics.dispose();
  });
});

describe('bad input', () => {
  test.each([
    [{ classes: 0 }, 'metrics.classes: must be a whole number at least 1, got 0'],
    [{ classes: 2.5 }, 'metrics.classes'],
    [{ classes: 3, topK: 4 }, 'metrics.topK: must be a whole number from 1 to 3, got 4'],
    [{ classes: 3, bins: Number.NaN }, 'metrics.bins: must be a whole number at least 1, got NaN'],
  ])('options %o', (options, message) => {
    expect(() => createMetrics(options)).toThrow(message);
  });
  const zeros = (shape: number[], dtype: 'float32' | 'int32' = 'float32') => tf.zeros(shape, dtype);
  test.each([
    ['student logits: must have shape [..., 3], got [4, 5]', { student: [4, 5], labels: [4] }],
    ['student logits: must have shape [..., 3], got [3]', { student: [3], labels: [] }],
    ['labels: must have shape [4], got [5]', { student: [4, 3], labels: [5] }],
    ['teacher logits: must have shape [4, 3], got [4, 2]', { student: [4, 3], teacher: [4, 2], labels: [4] }],
    ['mask: must have shape [2, 2], got [4]', { student: [2, 2, 3], labels: [2, 2], mask: [4] }],
  ] as [string, { student: number[]; teacher?: number[]; labels: number[]; mask?: number[] }][])('%s', (message, shapes) => {
    const metrics = createMetrics({ classes: 3 });
    tf.tidy(() => {
      const { student, teacher, labels, mask } = shapes;
      const batch = { student: zeros(student), labels: zeros(labels, 'int32'), ...(teacher === undefined ? {} : { teacher: zeros(teacher) }), ...(mask === undefined ? {} : { mask: zeros(mask) }) };
      expect(() => metrics.update(batch)).toThrow(message);
    });
  });
  test.each([3, -1])('a label of %d is outside of three classes', async (label) => {
    const metrics = createMetrics({ classes: 3 });
    tf.tidy(() => metrics.update({ student: zeros([2, 3]), labels: tf.tensor1d([label, 0], 'int32') }));
    await expect(metrics.result()).rejects.toThrow('labels: must be from 0 to 2, or -100 for what is not counted; 1 are not');
    metrics.dispose();
  });
});
