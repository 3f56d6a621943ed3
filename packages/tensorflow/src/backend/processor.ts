import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The width of a processor's vector instructions, as far as the speed of training depends on it. */
export type InstructionLevel = 'avx512' | 'avx2' | 'avx' | 'neon' | 'baseline';

/** The relevant vector instructions, by their names on Linux. */
const ofInterest = /^(avx|avx2|fma|f16c|avx512\w+|avx_vnni|amx_\w+|asimd|asimddp|asimdhp|sve2?|bf16|i8mm)$/;

/** Instructions that macOS names differently. */
const macNames: Readonly<Record<string, string>> = { 'avx1.0': 'avx' };

/**
 * Returns the processor's vector instructions, in the system's order; undefined where the system does not report them.
 * @example vectorInstructions() // ['avx', 'f16c', 'fma', 'avx2', …]
 */
export const vectorInstructions = (): readonly string[] | undefined =>
  (known ??= { instructions: instructionsOn(process.platform) }).instructions;

/** The processor does not change, and the description of a large one is long. */
let known: { readonly instructions: readonly string[] | undefined } | undefined;

/** Returns the vector instructions as reported on a platform. */
export function instructionsOn(platform: NodeJS.Platform): readonly string[] | undefined {
  try {
    const words = platform === 'linux' ? linuxFlags(readFileSync('/proc/cpuinfo', 'utf8')) : platform === 'darwin' ? macFlags() : undefined;
    return words?.filter((word) => ofInterest.test(word));
  } catch {
    return undefined;
  }
}

/** Returns the words after `flags` (x86) or `Features` (arm) of the first core. */
export const linuxFlags = (cpuinfo: string): readonly string[] | undefined =>
  /^(?:flags|Features)\s*:\s*(.*)$/m.exec(cpuinfo)?.[1]?.trim().split(/\s+/);

function macFlags(): readonly string[] {
  // Every Apple processor has these; macOS lists features only for Intel processors.
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

/** Returns the level of these instructions, as the kernels choose it. */
export function levelOf(instructions: readonly string[]): InstructionLevel {
  const has = (...words: readonly string[]): boolean => words.every((word) => instructions.includes(word));
  if (has('avx512f', 'avx512dq', 'avx512vl')) return 'avx512';
  if (has('avx2', 'fma')) return 'avx2';
  if (has('avx')) return 'avx';
  return has('asimd') ? 'neon' : 'baseline';
}
