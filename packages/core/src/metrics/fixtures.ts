// Helpers that the tests of the metrics share; not part of the package's API.
import * as tf from '@tensorflow/tfjs-core';
import { expectNoLeakedTensors } from '@temper/testing';
import type { Metric } from '../contracts/metric.js';
import { createMetrics, type MetricsOptions } from './collector.js';

export type Rows = readonly (readonly number[])[];
export interface Samples {
  readonly student: Rows;
  readonly teacher?: Rows;
  readonly labels: readonly number[];
}

/** Returns all metrics of samples given in batches of these sizes (by default all at once). */
export function measure(samples: Samples, options: Partial<MetricsOptions> = {}, sizes: readonly number[] = [samples.labels.length]) {
  return expectNoLeakedTensors(async () => {
    const classes = samples.student[0]?.length as number;
    const metrics = createMetrics({ classes, ...options });
    let from = 0;
    for (const size of sizes) {
      if (from >= samples.labels.length) break;
      const part = <T>(all: readonly T[]): T[] => all.slice(from, from + size);
      const rows = (all: Rows) => tf.tensor2d(part(all).flat(), [part(all).length, classes]);
      tf.tidy(() =>
        metrics.update({
          student: rows(samples.student),
          labels: tf.tensor1d(part(samples.labels), 'int32'),
          ...(samples.teacher === undefined ? {} : { teacher: rows(samples.teacher) }),
        }),
      );
      from += size;
    }
    const result = await metrics.result();
    metrics.dispose();
    return result;
  });
}

/** The definitions in float64, sample by sample. */
export function reference({ student, teacher, labels }: Samples, bins = 15): Record<string, number> {
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
  const mean = (of: (row: readonly number[], label: number, index: number) => number) =>
    student.reduce((sum, row, i) => sum + of(row, labels[i] as number, i), 0) / student.length;
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
          kl: mean((row, _, i) =>
            softmax(teacherOf(i)).reduce(
              (sum, p, c) => sum + p * ((logSoftmax(teacherOf(i))[c] as number) - (logSoftmax(row)[c] as number)),
              0,
            ),
          ),
        }),
  };
}

/** Returns the metrics that differ by more than the tolerance or are in one of the results only; empty where both agree. */
export function deviations(
  got: Readonly<Record<string, number>>,
  want: Readonly<Record<string, number>>,
  { rel = 1e-5, abs = 1e-6 } = {},
): string[] {
  const names = [...new Set([...Object.keys(got), ...Object.keys(want)])];
  const close = (name: string): boolean =>
    Math.abs((got[name] as number) - (want[name] as number)) <= rel * Math.abs(want[name] as number) + abs;
  return names.filter((name) => !close(name)).map((name) => `${name}: ${got[name]} for ${want[name]}`);
}

/** Returns the values of one metric for samples, in one batch. */
export async function measureOne(metric: Metric, samples: Samples): Promise<number> {
  return (await measure(samples, { metrics: [metric] }))[metric.name] as number;
}

/** Three samples of three classes: predicted 0, 1 and 2 with probabilities of 1/2, 1/2 and 4/6; the last one is wrong. */
export const three: Samples & { readonly teacher: Rows } = {
  student: [
    [Math.log(2), 0, 0],
    [0, Math.log(2), 0],
    [0, 0, Math.log(4)],
  ],
  teacher: [
    [Math.log(2), 0, 0],
    [Math.log(2), 0, 0],
    [0, 0, Math.log(4)],
  ],
  labels: [0, 1, 0],
};
