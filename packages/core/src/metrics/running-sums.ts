import { tf } from '#libraries';

/** Sums of vectors, computed on the device and exact far beyond the 24 bits of float32; read back only on request. */
export interface RunningSums {
  /** Adds a vector, always of the same length, and keeps no reference to it. */
  add(values: tf.Tensor1D): void;
  /** Returns the sums so far in float64, or undefined where nothing was added. */
  read(): Promise<Float64Array | undefined>;
  dispose(): void;
}

/** Kahan summation: the rounding error of each float32 addition is stored and added to the next. */
export function createRunningSums(): RunningSums {
  let kept: { readonly sum: tf.Tensor; readonly carry: tf.Tensor } | undefined;
  const dispose = (): void => {
    if (kept !== undefined) tf.dispose([kept.sum, kept.carry]);
    kept = undefined;
  };
  return {
    add(values) {
      const next = tf.tidy(() => {
        if (kept === undefined) return { sum: tf.keep(tf.clone(values)), carry: tf.keep(tf.zerosLike(values)) };
        const addend = tf.sub(values, kept.carry);
        const sum = tf.add(kept.sum, addend);
        return { sum: tf.keep(sum), carry: tf.keep(tf.sub(tf.sub(sum, kept.sum), addend)) };
      });
      dispose();
      kept = next;
    },
    async read() {
      if (kept === undefined) return undefined;
      const both = tf.stack([kept.sum, kept.carry]);
      try {
        const values = await both.data();
        const length = values.length / 2;
        return Float64Array.from({ length }, (_, i) => (values[i] as number) - (values[length + i] as number));
      } finally {
        both.dispose();
      }
    },
    dispose,
  };
}
