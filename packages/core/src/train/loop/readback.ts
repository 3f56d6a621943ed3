import * as tf from '@tensorflow/tfjs-core';
import type { Scalars } from '../../contracts/schedule.js';

/** The numbers that one update reported, with the scalars of its step. */
export interface StepReport {
  /** The number of the update, from 0. */
  readonly step: number;
  readonly scalars: Scalars;
  readonly numbers: Readonly<Record<string, number>>;
}

/** Collects on the device what updates report, and reads many of them at once. */
export interface Readback {
  /** `numbers` is a vector with one value for each of `names`; the numbers of micro-batches are parts, which are summed. */
  add(step: number, scalars: Scalars, numbers: tf.Tensor, names: readonly string[]): void;
  /** Returns all updates added since the last call, oldest first. */
  read(): Promise<readonly StepReport[]>;
  dispose(): void;
}

export function createReadback(): Readback {
  let rows: { step: number; scalars: Scalars; numbers: tf.Tensor; names: readonly string[] }[] = [];
  const dispose = (): void => {
    tf.dispose(rows.map(({ numbers }) => numbers));
    rows = [];
  };
  return {
    add: (step, scalars, numbers, names) => void rows.push({ step, scalars, numbers, names }),
    async read() {
      if (rows.length === 0) return [];
      const all = tf.concat(rows.map(({ numbers }) => numbers as tf.Tensor1D));
      const values = await all.data();
      all.dispose();
      let start = 0;
      const reports = new Map<number, { readonly step: number; readonly scalars: Scalars; readonly numbers: Record<string, number> }>();
      for (const { step, scalars, names } of rows) {
        const report = reports.get(step) ?? { step, scalars, numbers: {} };
        reports.set(step, report);
        for (const [i, name] of names.entries()) report.numbers[name] = (report.numbers[name] ?? 0) + (values[start + i] as number);
        start += names.length;
      }
      dispose();
      return [...reports.values()];
    },
    dispose,
  };
}
