import { definePlugin } from '@temper/core';
import { cnn } from './cnn.js';
import { mlp } from './mlp.js';
import { resnet } from './resnet.js';
import { transformer } from './transformer.js';

export { registerLayers } from './register-layers.js';
export { cnn, mlp, resnet, transformer };

/**
 * Reference networks: `mlp`, `cnn`, `resnet` and `transformer`.
 * @example createKit({ plugins: [models] }).model({ type: 'mlp', hidden: [32] })
 */
export const models = definePlugin({ name: 'models', provides: [mlp, cnn, resnet, transformer] });
