import { serialization } from '@tensorflow/tfjs-core';
import { CausalAttention } from './causal-attention.js';
import { PositionEmbedding } from './position-embedding.js';

export function registerClasses(): void {
  for (const layer of [CausalAttention, PositionEmbedding]) serialization.registerClass(layer);
}
