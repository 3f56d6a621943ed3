import { existsSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { findTfjsNode } from '../setup/tfjs-node.js';
import { shellCommand } from '../system/shell-command.js';
import { registerKernels } from './register-kernels.js';
import { loadBackend, lostOneDnn, type BackendWarning } from './load-backend.js';

/**
 * Starts the fastest backend that this process may use, and returns its slower or missing parts. A backend that the program has already
 * started is kept: tensors may exist on it, and it was chosen.
 */
export async function readyBackend(): Promise<readonly BackendWarning[]> {
  // Registered backends are not started: importing @tensorflow/tfjs registers its backends and starts none.
  const { backendName } = tf.engine() as unknown as { readonly backendName: string | undefined };
  if (backendName === undefined) return (await loadBackend()).warnings;
  if (backendName !== 'tensorflow') return [slower(backendName)];
  registerKernels();
  return lostOneDnn();
}

function slower(name: string): BackendWarning {
  const message =
    `training runs on the tfjs backend "${name}", which this process had started before the run; the native TensorFlow ` +
    `backend is many times faster`;
  const start = `Call \`await loadBackend()\` of @temper/node before the first tensor, instead of tf.setBackend('${name}')`;
  return { code: 'not-native', message, hint: hasBinding() ? `${start}.` : `${start}, after the set-up (\`${shellCommand('setup')}\`).` };
}

/** Returns whether the native binding is installed, without loading it. */
function hasBinding(): boolean {
  try {
    return existsSync(findTfjsNode().binding);
  } catch {
    return false;
  }
}
