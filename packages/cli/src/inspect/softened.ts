import { logitsOver, subset, type DataSet } from '@temper/core';
import { soften } from '@temper/report';
import type { OpenNetwork } from './open-networks.js';

/** A class of a network and its probability at each temperature. */
export interface SoftClass {
  readonly class: string;
  readonly probabilities: readonly number[];
}

/** The predictions of a network for one sample; of a sequence, for its last counted position. */
export interface Softened {
  /** Class of the label; absent where it is not counted. */
  readonly label?: string;
  /** All classes, the most likely first. */
  readonly classes: readonly SoftClass[];
}

/** Runs a few samples, counted from 0, through a network and softens its logits. */
export async function softened(
  { network, description }: OpenNetwork,
  data: DataSet,
  samples: readonly number[],
  temperatures: readonly number[],
): Promise<Softened[]> {
  const { classes } = description;
  const found: Softened[] = [];
  for await (const { logits, labels } of logitsOver(network, description, subset(data, Int32Array.from(samples)))) {
    const [values, ids] = [await logits.data(), await labels.data()];
    const positions = labels.size / (labels.shape[0] as number);
    for (let last = positions - 1; last < ids.length; last += positions) {
      const columns = temperatures.map((temperature) => {
        const column = new Float64Array(classes.length);
        soften(values, last * classes.length, temperature, column);
        return column;
      });
      const label = classes[ids[last] as number];
      found.push({ ...(label === undefined ? {} : { label }), classes: ranked(classes, columns) });
    }
  }
  return found;
}

const ranked = (classes: readonly string[], columns: readonly Float64Array[]): SoftClass[] =>
  classes
    .map((name, c) => ({ class: name, probabilities: columns.map((column) => column[c] as number) }))
    .sort((a, b) => (b.probabilities[0] as number) - (a.probabilities[0] as number));
