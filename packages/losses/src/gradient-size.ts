import { tf, type Loss, type LossInputs } from '@temper/core';

/**
 * How hard a loss pulls at the student, as its temperature changes: the mean over the samples of ‖∂L/∂z_s‖ at each
 * temperature. Draw it before annealing a temperature, to see how that shifts the balance between losses.
 * @param initialTemperature What `scale: 'initial'` scales by; by default the first of the temperatures.
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
