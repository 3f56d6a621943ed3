import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How wide a processor computes, as far as the speed of training depends on it. */
export type InstructionLevel = 'avx512' | 'avx2' | 'avx' | 'neon' | 'baseline';

/** Vector instructions that matter here, by the names that Linux gives them. */
const ofInterest = /^(avx|avx2|fma|f16c|avx512\w+|avx_vnni|amx_\w+|asimd|asimddp|asimdhp|sve2?|bf16|i8mm)$/;

/** What macOS calls otherwise. */
const macNames: Readonly<Record<string, string>> = { 'avx1.0': 'avx' };

/**
 * The processor's vector instructions, in the system's order; undefined where the system does not tell.
 * @example vectorInstructions() // ['avx', 'f16c', 'fma', 'avx2', …]
 */
export const vectorInstructions = (): readonly string[] | undefined =>
  (known ??= { instructions: instructionsOn(process.platform) }).instructions;

/** A processor stays what it is, and a large one has a long description. */
let known: { readonly instructions: readonly string[] | undefined } | undefined;

/** The same, asked as on a platform. */
export function instructionsOn(platform: NodeJS.Platform): readonly string[] | undefined {
  try {
    const words = platform === 'linux' ? linuxFlags(readFileSync('/proc/cpuinfo', 'utf8')) : platform === 'darwin' ? macFlags() : undefined;
    return words?.filter((word) => ofInterest.test(word));
  } catch {
    return undefined;
  }
}

/** The words after `flags` (x86) or `Features` (arm) of the first core. */
export const linuxFlags = (cpuinfo: string): readonly string[] | undefined =>
  /^(?:flags|Features)\s*:\s*(.*)$/m.exec(cpuinfo)?.[1]?.trim().split(/\s+/);

function macFlags(): readonly string[] {
  // Every Apple processor of its own has these; the names of features are only there on Intel's.
  if (process.arch === 'arm64') return ['asimd', 'asimddp', 'asimdhp'];
  const said = execFileSync('sysctl', ['-n', 'machdep.cpu.features', 'machdep.cpu.leaf7_features'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return said
    .toLowerCase()
    .trim()
    .split(/\s+/)
    .map((word) => macNames[word] ?? word);
}

/** The level that these instructions make, as the kernels' own choice has it. */
export function levelOf(instructions: readonly string[]): InstructionLevel {
  const has = (...words: readonly string[]): boolean => words.every((word) => instructions.includes(word));
  if (has('avx512f', 'avx512dq', 'avx512vl')) return 'avx512';
  if (has('avx2', 'fma')) return 'avx2';
  if (has('avx')) return 'avx';
  return has('asimd') ? 'neon' : 'baseline';
}
