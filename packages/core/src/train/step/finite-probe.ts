import * as tf from '@tensorflow/tfjs-core';

/** Computes Σ 0·x over all values: 0 if all of them are finite, else NaN. The sum of finite values cannot overflow. */
export const finiteProbe = (tensors: readonly tf.Tensor[]): tf.Scalar => sumOf(tensors, (tensor) => tf.mul(tensor, 0));

/** Returns whether every value of the tensors is finite. */
export async function areFinite(tensors: readonly tf.Tensor[]): Promise<boolean> {
  // A finite plain sum has only finite terms and needs no memory; a sum that is not finite may only have overflowed.
  return Number.isFinite(await valueOf(sumOf(tensors, (tensor) => tensor))) || (await valueOf(finiteProbe(tensors))) === 0;
}

function sumOf(tensors: readonly tf.Tensor[], of: (tensor: tf.Tensor) => tf.Tensor): tf.Scalar {
  const numbers = tensors.filter(({ dtype, size }) => dtype === 'float32' && size > 0);
  if (numbers.length === 0) return tf.scalar(0);
  return tf.tidy(() => tf.sum(tf.stack(numbers.map((tensor) => tf.sum(of(tensor))))));
}

async function valueOf(number: tf.Scalar): Promise<number> {
  try {
    return (await number.data())[0] as number;
  } finally {
    number.dispose();
  }
}
