import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { TemperError } from '../errors.js';
import { loadGraph, loadLayers } from '../networks/saved/load-saved.js';
import { reasonOf } from '../reason.js';
import type { StudentDescription } from './student-file.js';

/**
 * Loads the network that a `student.json` describes.
 * @throws TemperError `model/invalid` for a function, which no file holds, and for files that tfjs cannot load.
 */
export async function loadModel(
  handler: io.IOHandler,
  { network, name }: StudentDescription,
  source: string,
): Promise<LayersModel | GraphModel> {
  if (network === 'function') throw isFunction(name, source);
  try {
    const artifacts = await (handler.load as () => Promise<io.ModelArtifacts>)();
    return await (network === 'graph' ? loadGraph(artifacts) : loadLayers(artifacts));
  } catch (cause) {
    if (cause instanceof TemperError) {
      // Errors of fetching name the file already.
      if (cause.code !== 'model/invalid') throw cause;
      throw new TemperError({ ...cause.details, message: `${source}: ${cause.details.message}`, cause });
    }
    const message = reasonOf(cause).split('\n')[0] as string;
    const [, layer] = /Unknown layer: ([^.\s]+)/.exec(message) ?? [];
    throw new TemperError({
      code: 'model/invalid',
      message: `${source}: the network cannot be loaded: ${message}`,
      hint:
        layer === undefined
          ? 'Copy the folder again: model.json, its weights and student.json belong together.'
          : `Register the layer before: registerLayers() of @temper/models for a transformer, ` +
            `tf.serialization.registerClass(${layer}) for your own.`,
      cause,
    });
  }
}

/** Says what is needed for a network whose code is not saved. */
export const isFunction = (name: string, source: string): TemperError =>
  new TemperError({
    code: 'model/invalid',
    message: `${source}: ${name} was trained as a function, whose variables are saved (weights.safetensors) but not its code`,
    hint:
      'Give the function its variables again (decodeSafetensors of @temper/node) and call createStudent((inputs) => …, ' +
      'description) of @temper/core.',
  });
