import { tf, tfl } from '#libraries';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { layersOf } from '../layers.js';
import { checkTopology } from './check-topology.js';
import { disposedUnlessMade } from './made.js';
import { withSavedZeros } from './saved-zeros.js';

/**
 * Builds the layers of a saved network in TensorFlow.js; its weights are zeros. A failure leaves no tensor behind.
 * @param specs The weights in the file: no layer may request a larger one.
 * @throws TemperError `model/invalid` for a topology without end; errors of TensorFlow.js.
 */
export async function buildLayers(topology: object, specs: readonly io.WeightsManifestEntry[]): Promise<LayersModel> {
  const make = (): Promise<LayersModel> => {
    checkTopology(topology);
    return tfl.models.modelFromJSON({ modelTopology: withSavedZeros(topology, specs) as never });
  };
  // A layer without a path to an output is created too, and then belongs to no model.
  const variablesOf = ({ weights }: LayersModel): readonly tf.Variable[] => weights.map((weight) => weight.read() as tf.Variable);
  const model = await disposedUnlessMade(make, (made) => new Set(variablesOf(made)));
  return disposedWhole(model, variablesOf(model));
}

/** TensorFlow.js counts every call of a layer, and disposes a layer once for each model: a layer that is called twice would stay. */
function disposedWhole(model: LayersModel, variables: readonly tf.Variable[]): LayersModel {
  const dispose = model.dispose.bind(model);
  return Object.assign(model, {
    dispose() {
      const disposed = dispose();
      tf.dispose(variables.filter(({ isDisposed }) => !isDisposed));
      return disposed;
    },
  });
}

/** Loads a LayersModel from its artifacts. A failure leaves no tensor behind. */
export async function loadLayers({
  modelTopology,
  weightData,
  weightSpecs = [],
  userDefinedMetadata,
}: io.ModelArtifacts): Promise<LayersModel> {
  const specs = weightSpecs.filter(({ group }) => group !== 'optimizer');
  const model = await buildLayers(modelTopology as object, specs);
  try {
    if (userDefinedMetadata !== undefined) model.setUserDefinedMetadata(userDefinedMetadata);
    const load = (): void =>
      tf.tidy(() => {
        const all = tf.io.decodeWeights(weightData ?? new ArrayBuffer(0), weightSpecs);
        model.loadWeights(Object.fromEntries(specs.map(({ name }) => [name, all[name] as never])));
        checkPenalties(model);
      });
    // A file may name a layer as the constraint or the regularizer of a weight, which creates variables when it is used.
    await disposedUnlessMade(load, () => new Set());
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Refuses a file that names another class, such as an initializer, as the regularizer of a weight. */
function checkPenalties(model: LayersModel): void {
  const wrong = layersOf(model).find(({ layer }) => (layer.losses ?? []).some((loss) => loss().rank !== 0));
  if (wrong !== undefined) throw new TypeError(`the regularizer of layer "${wrong.layer.name}" does not return a number`);
}

/** Loads a GraphModel from its artifacts. A failure leaves no tensor behind. */
export async function loadGraph(artifacts: io.ModelArtifacts): Promise<GraphModel> {
  const { loadGraphModelSync } = await import('@tensorflow/tfjs-converter');
  return disposedUnlessMade(() => loadGraphModelSync(tf.io.fromMemorySync(artifacts)) as unknown as GraphModel);
}
