import { serialization } from '@tensorflow/tfjs-core';
import { CausalAttention } from './causal-attention.js';
import { PositionEmbedding } from './position-embedding.js';

/**
 * Tells tfjs the layers that it does not have itself, so that a saved `transformer` can be read.
 * @example
 * registerLayers();
 * const model = await tf.loadLayersModel('file://runs/first/student/model.json');
 */
export function registerLayers(): void {
  for (const layer of [CausalAttention, PositionEmbedding]) serialization.registerClass(layer);
}
