import * as tf from '@tensorflow/tfjs-core';
import type { HostArray } from '../../contracts/checkpoint.js';
import type { Network } from '../../contracts/network.js';
import { TemperError } from '../../errors.js';

/** Copies tensors to the host. */
export async function toHost(tensors: Readonly<Record<string, tf.Tensor>>): Promise<Record<string, HostArray>> {
  const entries = Object.entries(tensors);
  const values = await Promise.all(entries.map(([, tensor]) => tensor.data()));
  return Object.fromEntries(
    entries.map(([name, { dtype, shape }], i) => [
      name,
      { dtype: dtype as HostArray['dtype'], shape: [...shape], data: values[i] as HostArray['data'] },
    ]),
  );
}

/** Assigns saved arrays to variables by name; each must be present, with the variable's shape and type. */
export function assignFrom(arrays: Readonly<Record<string, HostArray>>, variables: Readonly<Record<string, tf.Variable>>): void {
  for (const [name, variable] of Object.entries(variables)) {
    const tensor = fromHost(arrays, name, variable);
    variable.assign(tensor);
    tensor.dispose();
  }
}

/** Makes a tensor from the array saved under a name; the caller disposes it. */
export function fromHost(
  arrays: Readonly<Record<string, HostArray>>,
  name: string,
  { shape, dtype }: Pick<tf.Tensor, 'shape' | 'dtype'>,
): tf.Tensor {
  const saved = Object.hasOwn(arrays, name) ? arrays[name] : undefined;
  if (saved === undefined || saved.shape.join() !== shape.join() || saved.dtype !== dtype) {
    throw new TemperError({
      code: 'run/changed',
      fault: 'user',
      message:
        `the checkpoint has ${saved === undefined ? 'no array' : `the array ${typeOf(saved)}`} "${name}", and the run needs ` +
        `${typeOf({ shape, dtype })}`,
      hint: 'The networks or the optimizer differ from those of the run that wrote it.',
    });
  }
  return tf.tensor(saved.data, [...saved.shape], saved.dtype);
}

/** Describes an array's type and shape in the notation of tfjs. */
const typeOf = ({ dtype, shape }: { readonly dtype: string; readonly shape: readonly number[] }): string => `${dtype}[${shape.join(', ')}]`;

/** Lists the parameters and buffers of a network by name. */
export function networkVariables(network: Network, prefix: string): Record<string, tf.Variable> {
  const all = [...network.parameters, ...network.buffers];
  return Object.fromEntries(all.map((variable, i) => [`${prefix}/${network.variableNames?.[i] ?? i}`, variable]));
}
