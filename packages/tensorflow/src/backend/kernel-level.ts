import { TemperError } from '@temper/core';
import { levelOf } from './processor.js';

/**
 * Sets of instructions that the kernels are compiled for, each including the previous ones. In the order of `Level` in kernels/rows.h.
 */
export const kernelLevels = ['baseline', 'avx2', 'avx512'] as const;
export type KernelLevel = (typeof kernelLevels)[number];

/** The values of `TEMPER_KERNELS`: the highest level to use, automatic, or off. */
const choices = ['auto', 'off', ...kernelLevels] as const;

/**
 * The highest level that `TEMPER_KERNELS` allows; undefined where it switches the kernels off.
 * Throws `environment/backend` for a value that is none of auto, off, baseline, avx2 and avx512.
 */
export function allowedKernels(env: NodeJS.ProcessEnv = process.env): KernelLevel | undefined {
  const given = env.TEMPER_KERNELS || 'auto';
  const choice = choices.find((one) => one === given);
  if (choice === undefined) {
    const message = `TEMPER_KERNELS: expected one of ${choices.join(', ')}, got "${given}"`;
    throw new TemperError({
      code: 'environment/backend',
      message,
      hint: 'Leave it unset to use the fastest kernels that this processor can run.',
    });
  }
  if (choice === 'off') return undefined;
  return choice === 'auto' ? 'avx512' : choice;
}

/** Returns the lower of two levels. */
export const lowerLevel = (a: KernelLevel, b: KernelLevel): KernelLevel => (kernelLevels.indexOf(a) < kernelLevels.indexOf(b) ? a : b);

/** Returns the level that kernels use on a processor with these instructions; undefined where `TEMPER_KERNELS` switches them off. */
export function kernelLevel(instructions: readonly string[], env: NodeJS.ProcessEnv): KernelLevel | undefined {
  const widest = levelOf(instructions);
  const allowed = allowedKernels(env);
  return allowed && lowerLevel(allowed, widest === 'avx512' || widest === 'avx2' ? widest : 'baseline');
}
