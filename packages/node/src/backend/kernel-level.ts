import { levelOf, type InstructionLevel } from './processor.js';

/** The instructions that kernels of our own use: the processor's widest that they are compiled for, or less where `TEMPER_KERNELS` asks. */
export function kernelLevel(instructions: readonly string[], env: NodeJS.ProcessEnv): InstructionLevel {
  const widest = levelOf(instructions);
  const level = widest === 'avx512' || widest === 'avx2' ? widest : 'baseline';
  return env.TEMPER_KERNELS === 'avx2' && level === 'avx512' ? 'avx2' : level;
}
