import { definePlugin } from '@temper/core';
import { cnn } from './cnn.js';
import { mlp } from './mlp.js';
import { resnet } from './resnet.js';

export { cnn, mlp, resnet };

/**
 * Reference networks: `mlp`, `cnn` and `resnet`.
 * @example createKit({ plugins: [models] }).model({ type: 'mlp', hidden: [32] })
 */
export const models = definePlugin({ name: 'models', provides: [mlp, cnn, resnet] });
