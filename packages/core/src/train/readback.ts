import * as tf from '@tensorflow/tfjs-core';
import type { Scalars } from '../contracts/schedule.js';

/** What one update reported, with the scalars it was given. */
export interface StepReport {
  readonly step: number;
  readonly scalars: Scalars;
  readonly numbers: Readonly<Record<string, number>>;
}

/** Collects what updates report on the device, and reads many of them back at once. */
export interface Readback {
  readonly pending: number;
  add(step: number, scalars: Scalars, numbers: tf.Tensor): void;
  /** Everything added since the last call, oldest first. */
  read(names: readonly string[]): Promise<readonly StepReport[]>;
  dispose(): void;
}

export function createReadback(): Readback {
  let rows: { step: number; scalars: Scalars; numbers: tf.Tensor }[] = [];
  const dispose = (): void => {
    tf.dispose(rows.map(({ numbers }) => numbers));
    rows = [];
  };
  return {
    get pending() {
      return rows.length;
    },
    add: (step, scalars, numbers) => void rows.push({ step, scalars, numbers }),
    async read(names) {
      if (rows.length === 0) return [];
      const all = tf.concat(rows.map(({ numbers }) => numbers as tf.Tensor1D));
      const values = await all.data();
      all.dispose();
      const reports = rows.map(({ step, scalars }, row) => ({
        step,
        scalars,
        numbers: Object.fromEntries(names.map((name, i) => [name, values[row * names.length + i] as number])),
      }));
      dispose();
      return reports;
    },
    dispose,
  };
}

/** Means over several updates, by name. */
export interface Means {
  add(numbers: Readonly<Record<string, number>>): void;
  result(): Record<string, number>;
}

export function createMeans(): Means {
  const sums = new Map<string, { sum: number; count: number }>();
  return {
    add(numbers) {
      for (const [name, value] of Object.entries(numbers)) {
        const entry = sums.get(name) ?? { sum: 0, count: 0 };
        entry.sum += value;
        entry.count += 1;
        sums.set(name, entry);
      }
    },
    result: () => Object.fromEntries([...sums].map(([name, { sum, count }]) => [name, sum / count])),
  };
}
