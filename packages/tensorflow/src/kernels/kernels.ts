import { existsSync } from 'node:fs';
import { allowedKernels, kernelLevels, lowerLevel, type KernelLevel } from '../backend/kernel-level.js';
import { installedKernels } from '../setup/kernels.js';
import { findTfjsNode } from '../setup/tfjs-node.js';

/** The processor's level, once the kernels are loaded into this process's TensorFlow; null where that failed. Tried once. */
let loaded: KernelLevel | null | undefined;

/**
 * Loads the kernels that the set-up has compiled. Returns the level that recorded steps use from here on: the processor's, or the
 * one that `TEMPER_KERNELS` limits it to. Undefined where there are no kernels, or where they are switched off.
 */
export function loadKernels(): KernelLevel | undefined {
  const allowed = allowedKernels();
  if (allowed === undefined) return undefined;
  loaded ??= load() ?? null;
  return loaded === null ? undefined : lowerLevel(loaded, allowed);
}

function load(): KernelLevel | undefined {
  try {
    const path = installedKernels(findTfjsNode());
    if (path === undefined || !existsSync(path)) return undefined;
    const addon: { exports: { readonly level?: number } } = { exports: {} };
    process.dlopen(addon, path);
    return kernelLevels[addon.exports.level ?? 0];
  } catch {
    // Without them steps are slower, and the same.
    return undefined;
  }
}
