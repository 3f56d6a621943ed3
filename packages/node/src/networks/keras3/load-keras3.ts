import { io, dispose } from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { fromKeras3, rootOf } from './topology.js';
import { assignWeights } from './weights.js';

/**
 * Loads a model that tensorflowjs_converter made of a Keras 3 file (`.h5` or `.keras`), which tfjs itself does not read.
 * @throws TemperError `model/invalid`, naming the layer that cannot be read.
 */
export async function loadKeras3({ modelTopology, weightData, weightSpecs }: io.ModelArtifacts): Promise<LayersModel> {
  const root = rootOf(modelTopology as object);
  const { class_name, config } = fromKeras3(root);
  const model = await loadLayersModel(io.fromMemory({ modelTopology: { class_name, config } }));
  const weights = io.decodeWeights(weightData as io.WeightData, weightSpecs ?? []);
  try {
    assignWeights(model, root, weights);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  } finally {
    dispose(weights);
  }
}
