import { tf } from '@temper/core';

/**
 * A function with a written-out gradient: `tf.customGrad` with names and types. `forward` gives the value and what
 * the gradient needs of it; `gradients` gives one gradient for each input. Everything that `gradients` uses has to
 * come through `saved`, since other intermediate tensors are gone by then.
 */
export function withGradient<S extends Readonly<Record<string, tf.Tensor>>>(
  inputs: readonly tf.Tensor[],
  forward: () => { readonly value: tf.Tensor; readonly saved: S },
  gradients: (dy: tf.Tensor, saved: S) => tf.Tensor[],
): tf.Tensor {
  return tf.customGrad((...given) => {
    const { value, saved } = forward();
    const names = Object.keys(saved);
    const save = given[given.length - 1] as (tensors: tf.Tensor[]) => void;
    save(Object.values(saved));
    return {
      value,
      gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) =>
        gradients(dy, Object.fromEntries(names.map((name, i) => [name, kept[i]])) as unknown as S),
    };
  })(...inputs);
}
