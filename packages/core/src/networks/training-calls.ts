import { tf } from '#libraries';
import type { layers } from '@tensorflow/tfjs-layers';
import type { CallOptions } from '../contracts/network.js';
import { normalizingCall } from './batch-normalization.js';
import { noisyCall } from './noise-layers.js';

type Layer = layers.Layer;

/** The signature of `Layer.call`. */
export type Call = Layer['call'];

/** Returns the function that a layer of tfjs uses in an update in place of its own `call`; undefined where its own call is suitable. */
export const trainingCall = (layer: Layer, position: number, seed: tf.Tensor1D | undefined): Call | undefined =>
  normalizingCall(layer) ?? (seed === undefined ? undefined : noisyCall(layer, position, seed));

/** Runs a model while other calls replace those of some layers. Each layer is restored as soon as the model has run. */
export function withCalls<T>(calls: readonly (readonly [Layer, Call])[], run: () => T): T {
  const own = calls.map(([layer]) => Object.getOwnPropertyDescriptor(layer, 'call'));
  for (const [layer, call] of calls) layer.call = call;
  try {
    return run();
  } finally {
    for (const [i, [layer]] of calls.entries()) {
      const before = own[i];
      if (before === undefined) Reflect.deleteProperty(layer, 'call');
      else Object.defineProperty(layer, 'call', before);
    }
  }
}

/** Runs a model in training with the calls that training requires. */
export function calledForTraining<T>(found: readonly Layer[], { training, seed }: CallOptions, run: () => T): T {
  if (!training) return run();
  const calls = found.flatMap((layer, position) => {
    const call = trainingCall(layer, position, seed);
    return call === undefined ? [] : [[layer, call] as const];
  });
  return withCalls(calls, run);
}
