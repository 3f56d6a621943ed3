import { availableParallelism } from 'node:os';
import { kernelLevel } from '../backend/kernel-level.js';
import { nativeOneDnn } from '../backend/load-backend.js';
import { oneDnnLevel } from '../backend/one-dnn.js';
import { vectorInstructions } from '../backend/processor.js';
import { hasNativeBackend, nativeBackend } from './native-backend.js';
import { loadKernels } from './fuse/kernels.js';

/**
 * What the bits of a native update depend on: sums are split among threads, oneDNN sums in another order than
 * TensorFlow's own code, and wider instructions add up more numbers at once.
 */
export function nativeConditions(): string {
  const instructions = vectorInstructions();
  const at = (level: typeof oneDnnLevel): string => (instructions === undefined ? '' : ` (${level(instructions, process.env)})`);
  const version = hasNativeBackend() ? `TensorFlow ${nativeBackend().binding.TF_Version}` : 'no TensorFlow';
  const oneDnn = hasNativeBackend() && nativeOneDnn() === true ? `with oneDNN${at(oneDnnLevel)}` : 'without oneDNN';
  const kernels = loadKernels() ? `with own kernels${at(kernelLevel)}` : 'without own kernels';
  const threads = Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism();
  return `${version}, ${threads} thread${threads === 1 ? '' : 's'}, ${oneDnn}, ${kernels}`;
}
