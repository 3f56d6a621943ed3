import { availableParallelism } from 'node:os';
import { nativeOneDnn } from '../backend/load-backend.js';
import { oneDnnLevel } from '../backend/one-dnn.js';
import { vectorInstructions } from '../backend/processor.js';
import { hasNativeBackend, nativeBackend } from '../backend/native-backend.js';
import { loadKernels } from '../kernels/kernels.js';

/**
 * Returns the conditions on which the bits of a native update depend: sums are split among threads, oneDNN sums in another order than
 * TensorFlow's own code, and wider instructions add more numbers at once.
 */
export function nativeConditions(): string {
  const instructions = vectorInstructions();
  const oneDnnCode = instructions === undefined ? '' : ` (${oneDnnLevel(instructions, process.env)})`;
  const version = hasNativeBackend() ? `TensorFlow ${nativeBackend().binding.TF_Version}` : 'no TensorFlow';
  // TensorFlow uses oneDNN's code for matrix products even where oneDNN is off.
  const oneDnn = `${hasNativeBackend() && nativeOneDnn() === true ? 'with' : 'without'} oneDNN${oneDnnCode}`;
  const level = loadKernels();
  const kernels = level === undefined ? 'without own kernels' : `with own kernels (${level})`;
  const threads = Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism();
  return `${version}, ${threads} thread${threads === 1 ? '' : 's'}, ${oneDnn}, ${kernels}`;
}
