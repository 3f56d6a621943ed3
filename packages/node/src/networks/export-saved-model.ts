import { TemperError, type Network, type Student } from '@temper/core';
import { savedModel, type SampleSpec } from '@temper/tensorflow';
import { fileError } from '@temper/tensorflow/system';
import { prettyJson } from '../store/durable.js';
import { replaceFolder } from '../store/replace-folder.js';

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
  const description = 'description' in given ? given.description : undefined;
  const network = 'description' in given ? given.network : given;
  const sample = spec ?? description?.inputs;
  if (sample === undefined)
    throw new TemperError({
      code: 'model/invalid',
      message: `${network.name} cannot be exported without the shape of a sample`,
      hint: 'Give it: exportSavedModel(network, folder, { shape: [28, 28, 1] }).',
    });
  const bytes = savedModel(network, sample);
  try {
    await replaceFolder(folder, { 'saved_model.pb': bytes, ...(description && { 'student.json': prettyJson(described(description)) }) });
  } catch (error) {
    throw fileError(`export the network ${network.name} to`, folder, error, 'run');
  }
}

/** Removes the layers from a description, since the graph has no names of layers. */
const described = (description: Student['description']): Student['description'] => ({
  ...description,
  network: 'graph',
  preparationLayers: [],
});
