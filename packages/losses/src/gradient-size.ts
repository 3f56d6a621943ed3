import { tf, type Loss, type LossInputs } from '@temper/core';

/**
 * Size of a loss's gradient at several temperatures: the mean over the samples of ‖∂L/∂z_s‖. Plot it before annealing a temperature, to see
 * how annealing shifts the balance between losses.
 * @param initialTemperature The temperature for `scale: 'initial'`; default: the first of the temperatures.
 * @throws TemperError as the loss does.
 * @example gradientSizes(kl({ scale: 'none' }), { student, teacher }, [20, 10, 5, 1])
 */
export function gradientSizes(
  loss: Loss,
  logits: Pick<LossInputs, 'student' | 'teacher' | 'labels'>,
  temperatures: readonly number[],
  initialTemperature = temperatures[0],
): number[] {
  return temperatures.map((temperature) =>
    tf.tidy(() => {
      const x = { ...logits, temperature: tf.scalar(temperature), ...(initialTemperature === undefined ? {} : { initialTemperature }) };
      const gradient = tf.grad((student) => tf.sum(loss({ ...x, student })))(logits.student);
      return tf.mean(tf.norm(gradient, 'euclidean', -1)).dataSync()[0] as number;
    }),
  );
}
