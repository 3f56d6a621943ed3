import { tf } from '#libraries';

/** Creates a variable of zeros with the shape of each parameter, for the state of an optimizer. */
export function zeroSlots(parameters: readonly tf.Variable[]): tf.Variable[] {
  return parameters.map((parameter) => zeroVariable(parameter.shape));
}

/** Creates a variable of zeros that is not trained. */
export function zeroVariable(shape: number[] = []): tf.Variable {
  return tf.tidy(() => tf.variable(tf.zeros(shape), false));
}

/** Names slots `momentum/0`, `momentum/1`, … by the parameter's position, so that a checkpoint finds its slot again. */
export function nameSlots(name: string, slots: readonly tf.Variable[]): Record<string, tf.Variable> {
  return Object.fromEntries(slots.map((slot, index) => [`${name}/${index}`, slot]));
}

/**
 * Calls `update` for each parameter and frees its temporaries at once: a step never holds more temporaries than its largest parameter
 * needs.
 */
export function forEachParameter(parameters: readonly tf.Variable[], update: (parameter: tf.Variable, index: number) => void): void {
  parameters.forEach((parameter, index) => tf.tidy(() => update(parameter, index)));
}
