import { levelOf, vectorInstructions } from '@temper/node';

/** What limits each library's code to AVX2. Each reads its variable when it first chooses code. */
const avx2 = {
  // oneDNN, in TensorFlow and in PyTorch, and kernels of our own.
  DNNL_MAX_CPU_ISA: 'AVX2',
  TEMPER_KERNELS: 'avx2',
  // PyTorch's own loops and what torch.compile writes, and its matrix products.
  ATEN_CPU_CAPABILITY: 'avx2',
  MKL_ENABLE_INSTRUCTIONS: 'AVX2',
} as const;

/** Levels that a run may be limited to. */
export const limits: Readonly<Record<string, Readonly<Record<string, string>>>> = { avx2 };

/** What a run's code was made of. */
export interface Instructions {
  /** The processor's vector instructions, as far as the system tells. */
  readonly processor: readonly string[];
  /** The widest that were used. */
  readonly level: string;
  /** Whether both sides were limited to that level on a processor that has more. */
  readonly limited: boolean;
}

/**
 * Limits this process and those that it starts, where the command line asks for that. Has to come before the native
 * library is loaded; a level that does not exist is left for the reading of the options to refuse.
 */
export function limitInstructions(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Instructions {
  const processor = vectorInstructions() ?? [];
  const own = levelOf(processor);
  const at = args.findIndex((arg) => arg === '--instructions' || arg.startsWith('--instructions='));
  const asked = at < 0 ? undefined : (args[at]?.split('=')[1] ?? args[at + 1]);
  if (asked === undefined || limits[asked] === undefined) return { processor, level: own, limited: false };
  Object.assign(env, limits[asked]);
  return { processor, level: asked, limited: own !== asked };
}
