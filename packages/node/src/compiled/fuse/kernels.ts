import { existsSync } from 'node:fs';
import { installedKernels } from '../../setup/kernels.js';
import { findTfjsNode } from '../../setup/tfjs-node.js';

/** Whether the kernels are loaded into this process's TensorFlow; tried once. */
let loaded: boolean | undefined;

/** Loads the kernels that the set-up has made. False where there are none, or `TEMPER_KERNELS` is `off`. */
export function loadKernels(): boolean {
  if (process.env.TEMPER_KERNELS === 'off') return false;
  loaded ??= load();
  return loaded;
}

function load(): boolean {
  try {
    const path = installedKernels(findTfjsNode());
    if (path === undefined || !existsSync(path)) return false;
    process.dlopen({ exports: {} }, path);
    return true;
  } catch {
    // Without them steps are slower, and the same.
    return false;
  }
}
