import type { KernelLevel } from '../backend/kernel-level.js';
import { fuse } from './fuse/fuse.js';
import { loadKernels } from './fuse/kernels.js';
import type { StepGraph } from './lower.js';
import { biasAdd, biasGradient } from './passes/bias.js';
import { lateBroadcast } from './passes/late-broadcast.js';
import { matrixProduct } from './passes/matrix-product.js';
import { noChange } from './passes/no-change.js';
import { poolBeforeBias, poolBeforeRelu } from './passes/pool-gradient.js';
import { reluGradient } from './passes/relu-gradient.js';
import { rewrite } from './passes/rewrite.js';
import { smallSoftmax } from './passes/small-softmax.js';

/**
 * Undoes what makes tfjs's operations slow inside of TensorFlow, as far as TensorFlow's own optimizer does not: plug-ins
 * and layers stay plain tfjs code. Where our own kernels are there, they take over what they can.
 */
export function optimize(
  step: StepGraph,
  { kernels = loadKernels() ?? 'off' }: { readonly kernels?: KernelLevel | 'off' } = {},
): StepGraph {
  const whole = rewrite(step, [noChange, reluGradient, lateBroadcast, matrixProduct, biasAdd, biasGradient]);
  const plain = rewrite(whole, [poolBeforeRelu, poolBeforeBias]);
  return rewrite(kernels === 'off' ? plain : fuse(plain, kernels), [smallSoftmax]);
}
