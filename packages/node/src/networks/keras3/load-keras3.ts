import { io, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { buildLayers, checkDepth } from '@temper/core';
import { fromKeras3, rootOf } from './topology.js';
import { assignWeights } from './weights.js';

/**
 * Loads a model that tensorflowjs_converter converted from a Keras 3 file (`.h5` or `.keras`), which tfjs itself does not read.
 * @throws TemperError `model/invalid`, naming the layer that cannot be read.
 */
export async function loadKeras3({ modelTopology, weightData, weightSpecs = [] }: io.ModelArtifacts): Promise<LayersModel> {
  checkDepth(modelTopology as object);
  const root = rootOf(modelTopology as object);
  const { class_name, config } = fromKeras3(root);
  const model = await buildLayers({ class_name, config }, weightSpecs);
  try {
    tidy(() => assignWeights(model, root, io.decodeWeights(weightData as io.WeightData, weightSpecs)));
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}
