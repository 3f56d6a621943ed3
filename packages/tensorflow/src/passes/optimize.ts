import type { KernelLevel } from '../backend/kernel-level.js';
import { fuse } from '../kernels/fuse.js';
import { loadKernels } from '../kernels/kernels.js';
import type { StepGraph } from '../graph/lower.js';
import { biasAdd, biasGradient } from './bias.js';
import { lateBroadcast } from './late-broadcast.js';
import { matrixProduct } from './matrix-product.js';
import { noChange } from './no-change.js';
import { poolBeforeBias, poolBeforeRelu } from './pool-gradient.js';
import { reluGradient } from './relu-gradient.js';
import { rewrite } from './rewrite.js';
import { smallSoftmax } from './small-softmax.js';

/**
 * Rewrites patterns of tfjs that are slow in TensorFlow and that TensorFlow's own optimizer does not improve: plug-ins and layers stay
 * plain tfjs code. Where Temper's kernels are available, they compute the supported parts.
 */
export function optimize(
  step: StepGraph,
  {
    kernels = loadKernels() ?? 'off',
    elementwise,
  }: { readonly kernels?: KernelLevel | 'off'; readonly elementwise?: boolean | undefined } = {},
): StepGraph {
  const whole = rewrite(step, [noChange, reluGradient, lateBroadcast, matrixProduct, biasAdd, biasGradient]);
  const plain = rewrite(whole, [poolBeforeRelu, poolBeforeBias]);
  return rewrite(kernels === 'off' ? plain : fuse(plain, kernels, elementwise), [smallSoftmax]);
}
