import * as tf from '@tensorflow/tfjs-core';
import { TemperError, type Network } from '@temper/core';
import { tryOut } from '../engine/trial.js';
import { specOf, type Ref } from '../graph/graph.js';
import { lower } from '../graph/lower.js';
import { savedModelBytes } from '../graph/saved-model.js';
import { shellCommand } from '../system/shell-command.js';
import { openBatch, type Sized } from './open-batch.js';

/** Shape and dtype of one sample of a network. */
export interface SampleSpec {
  /** Without the batch. */
  readonly shape: readonly number[];
  /** Default `float32`; tokens are `int32`. */
  readonly dtype?: 'float32' | 'int32';
}

/** Batch sizes that a network's own shapes are unlikely to contain. */
const [firstSize, secondSize] = [3, 5];

/**
 * Returns the bytes of `saved_model.pb` for a network's inference: signature `serving_default`, input `inputs` `[batch, …shape]` for any
 * number of samples, output `logits`, the weights inside. Needs the native backend. `exportSavedModel` of `@temper/node` writes them.
 * @throws TemperError `model/invalid` where logits depend on the number of samples in other ways than by their shape.
 * @example const bytes = savedModel(result.student, { shape: [28, 28, 1] });
 */
export function savedModel(network: Network, sample: SampleSpec): Uint8Array {
  checkBackend();
  const first = recordInference(network, sample, firstSize);
  const open = openBatch(first, recordInference(network, sample, secondSize));
  const { graph, feeds, outputs } = lower(first.recording, open);
  const [input] = feeds;
  const logits = outputs['logits'];
  if (input === undefined || logits === undefined) {
    throw new TemperError({ code: 'model/invalid', message: `${network.name} cannot be exported: its logits do not depend on its inputs` });
  }
  const openShape = (shape: readonly number[]): number[] => [-1, ...shape.slice(1)];
  const named = (ref: Ref) => ({ ref, dtype: specOf(ref).dtype, shape: openShape(specOf(ref).shape) });
  return savedModelBytes(graph, { inputs: { inputs: named(input.ref) }, outputs: { logits: named(logits) } });
}

function checkBackend(): void {
  if (tf.getBackend() === 'tensorflow') return;
  throw new TemperError({
    code: 'environment/backend',
    message: `a SavedModel is written by the native backend, and the backend in use is "${tf.getBackend()}"`,
    hint: `Call loadBackend() before; \`${shellCommand('doctor')}\` says why it does not load.`,
  });
}

function recordInference(network: Network, { shape, dtype = 'float32' }: SampleSpec, size: number): Sized {
  const inputs = tf.zeros([size, ...shape], dtype);
  const body = ({ inputs: given }: Readonly<Record<string, tf.Tensor>>) => ({
    logits: network.logits(given as tf.Tensor, { training: false }),
  });
  const trial = tryOut({ name: network.name, state: [], body }, { inputs }, {});
  tf.dispose([inputs, trial.accept() as tf.NamedTensorMap]);
  const [problem] = trial.recording.problems;
  if (problem !== undefined)
    throw new TemperError({ code: 'model/invalid', message: `${network.name} cannot be exported: ${problem.message}`, hint: problem.hint });
  return { recording: trial.recording, size };
}
