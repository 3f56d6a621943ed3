import { existsSync } from 'node:fs';
import { allowedKernels, kernelLevels, lowerLevel, type KernelLevel } from '../backend/kernel-level.js';
import { installedKernels } from '../setup/kernels.js';
import { findTfjsNode } from '../setup/tfjs-node.js';

/** The exports of the add-on with the kernels. */
export interface KernelAddon {
  /** The processor's level, as an index in `kernelLevels`. */
  readonly level: number;
  /** Writes a file of TensorFlow's own file systems, for instance in memory (`ram://…`). */
  writeFile(path: string, bytes: Uint8Array): void;
  deleteFile(path: string): void;
}

/** The add-on in this process's TensorFlow; null where it does not load. Tried once. */
let loaded: KernelAddon | null | undefined;

/**
 * Loads the add-on with the kernels that the set-up has compiled. Undefined where there is none, or where `TEMPER_KERNELS` switches the
 * kernels off.
 */
export function kernelAddon(): KernelAddon | undefined {
  if (allowedKernels() === undefined) return undefined;
  loaded ??= load() ?? null;
  return loaded ?? undefined;
}

/** Returns the level that recorded steps use: the processor's, or the one that `TEMPER_KERNELS` limits it to. Undefined without kernels. */
export function loadKernels(): KernelLevel | undefined {
  const [addon, allowed] = [kernelAddon(), allowedKernels()];
  return addon === undefined || allowed === undefined ? undefined : lowerLevel(kernelLevels[addon.level] ?? 'baseline', allowed);
}

function load(): KernelAddon | undefined {
  try {
    const path = installedKernels(findTfjsNode());
    if (path === undefined || !existsSync(path)) return undefined;
    const addon = { exports: {} as KernelAddon };
    process.dlopen(addon, path);
    return addon.exports;
  } catch {
    // Without kernels steps are slower and otherwise equal.
    return undefined;
  }
}
