import { availableParallelism } from 'node:os';
import { hasNativeBackend, nativeBackend } from './native-backend.js';
import { loadKernels } from './fuse/kernels.js';

/** What the bits of a native update depend on: sums are split among threads, and kernels sum in an order of their own. */
export function nativeConditions(): string {
  const version = hasNativeBackend() ? `TensorFlow ${nativeBackend().binding.TF_Version}` : 'no TensorFlow';
  const threads = availableParallelism();
  return `${version}, ${threads} thread${threads === 1 ? '' : 's'}, ${loadKernels() ? 'with' : 'without'} own kernels`;
}
