import * as tf from '@tensorflow/tfjs-core';
import { TemperError, type Network, type Student } from '@temper/core';
import { prettyJson } from '../../store/durable.js';
import { replaceFolder } from '../../store/replace-folder.js';
import { fileError } from '../../store/file-error.js';
import { specOf } from '../graph.js';
import { lower } from '../lower.js';
import { savedModelBytes } from '../saved-model.js';
import { tryOut } from '../trial.js';
import { openBatch, type Sized } from './open-batch.js';
import { shellCommand } from '../../shell-command.js';

/** One sample of what a network takes. */
export interface SampleSpec {
  /** Without the batch. */
  readonly shape: readonly number[];
  /** Default `float32`; tokens are `int32`. */
  readonly dtype?: 'float32' | 'int32';
}

/** No sizes that a network's own shapes are likely to have. */
const [firstSize, secondSize] = [3, 5];

/**
 * Writes a network's inference as a TensorFlow SavedModel, its weights inside: signature `serving_default`, input
 * `inputs` `[batch, …shape]` for any number of samples, output `logits`. Python's `tf.saved_model.load` and TensorFlow Serving
 * (in a folder named by a version, `models/student/1`) read it. A student that `loadStudent` gives is written with the preparation of its
 * inputs, and with its `student.json`; a network alone takes inputs as it was trained, of the shape of `sample`. An older folder of
 * that name is replaced. Needs the native backend.
 * @throws TemperError `model/invalid` where logits depend on the number of samples in other ways than by their shape, and
 * `environment/files`, naming the folder and the reason.
 * @example await exportSavedModel(await loadStudent('runs/first'), 'models/student/1');
 * @example await exportSavedModel(result.student, 'models/student/1', { shape: [28, 28, 1] });
 */
export async function exportSavedModel(student: Student, folder: string): Promise<void>;
export async function exportSavedModel(network: Network, folder: string, sample: SampleSpec): Promise<void>;
export async function exportSavedModel(given: Network | Student, folder: string, spec?: SampleSpec): Promise<void> {
  checkBackend();
  const description = 'description' in given ? given.description : undefined;
  const network = 'description' in given ? given.network : given;
  const sample = spec ?? description?.inputs;
  if (sample === undefined)
    throw new TemperError({
      code: 'model/invalid',
      message: `${network.name} cannot be exported without the shape of a sample`,
      hint: 'Give it: exportSavedModel(network, folder, { shape: [28, 28, 1] }).',
    });
  const first = recordInference(network, sample, firstSize);
  const open = openBatch(first, recordInference(network, sample, secondSize));
  const { graph, feeds, outputs } = lower(first.recording, open);
  const [input] = feeds;
  const logits = outputs['logits'];
  if (input === undefined || logits === undefined) {
    throw new TemperError({ code: 'model/invalid', message: `${network.name} cannot be exported: its logits do not depend on its inputs` });
  }
  const openShape = (shape: readonly number[]): number[] => [-1, ...shape.slice(1)];
  const named = (ref: typeof logits) => ({ ref, dtype: specOf(ref).dtype, shape: openShape(specOf(ref).shape) });
  const bytes = savedModelBytes(graph, { inputs: { inputs: named(input.ref) }, outputs: { logits: named(logits) } });
  try {
    await replaceFolder(folder, { 'saved_model.pb': bytes, ...(description && { 'student.json': prettyJson(described(description)) }) });
  } catch (error) {
    throw fileError(`export the network ${network.name} to`, folder, error, 'run');
  }
}

/** Layers have no names in the graph. */
const described = (description: Student['description']): Student['description'] => ({
  ...description,
  network: 'graph',
  preparationLayers: [],
});

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
