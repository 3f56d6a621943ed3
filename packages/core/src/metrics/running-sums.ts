import { tf } from '#libraries';

/** Sums of vectors, made on the device and exact far beyond float32's 24 bits; read back only when asked. */
export interface RunningSums {
  /** Adds a vector; always of the same length. Keeps nothing of it. */
  add(values: tf.Tensor1D): void;
  /** The sums so far in float64, or undefined where nothing was added. */
  read(): Promise<Float64Array | undefined>;
  dispose(): void;
}

/** Kahan's sum: what float32 rounded off in each addition is carried along and given back in the next. */
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
