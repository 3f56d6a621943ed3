import { isMainThread } from 'node:worker_threads';
import { levelOf, vectorInstructions, type InstructionLevel } from './processor.js';
import { shellCommand } from '../system/shell-command.js';

/** The variable that TensorFlow reads once, while its library is loaded. */
export const oneDnnVariable = 'TF_ENABLE_ONEDNN_OPTS';

/** The report of the binding of Temper's set-up about the library that it has loaded; null where it is not known. */
export interface BindingOneDnn {
  readonly temperOneDnn?: boolean | null;
}

/** Returns the choice of the user: true, false, or undefined where TensorFlow ignores the value. */
export function givenOneDnn(env: NodeJS.ProcessEnv): boolean | undefined {
  const given = env[oneDnnVariable]?.toLowerCase();
  if (given === '1' || given === 'true') return true;
  return given === '0' || given === 'false' ? false : undefined;
}

/**
 * Requests oneDNN unless the user has set the variable. Has an effect only before the library is loaded. The binding of Temper's set-up
 * does the same; this call serves tfjs-node's own binding. In a worker thread `process.env` is a copy that the library does not see.
 */
export function askForOneDnn(env: NodeJS.ProcessEnv = process.env): void {
  if (isMainThread && !env[oneDnnVariable]) env[oneDnnVariable] = '1';
}

/** Returns whether TensorFlow turns oneDNN on by itself for these instructions; undefined where they are not known. */
export function turnsOnByItself(instructions: readonly string[] | undefined): boolean | undefined {
  return instructions?.some((word) => /^(avx512_?vnni|avx512_bf16|avx_vnni|amx_\w+)$/.test(word));
}

/** Returns whether the loaded library uses oneDNN; undefined where that is not known. */
export function usesOneDnn(binding: BindingOneDnn, env: NodeJS.ProcessEnv): boolean | undefined {
  return binding.temperOneDnn ?? givenOneDnn(env) ?? turnsOnByItself(vectorInstructions());
}

/** Levels by the values of the variable that limits oneDNN's own code. */
const limits: Readonly<Record<string, InstructionLevel>> = {
  SSE41: 'baseline',
  AVX: 'avx',
  AVX2: 'avx2',
  AVX2_VNNI: 'avx2',
  AVX2_VNNI_2: 'avx2',
};
const widths: readonly InstructionLevel[] = ['baseline', 'avx', 'avx2', 'avx512'];

/** Returns the level of oneDNN's code: that of the processor, or the limit in `ONEDNN_MAX_CPU_ISA` or `DNNL_MAX_CPU_ISA`. */
export function oneDnnLevel(instructions: readonly string[], env: NodeJS.ProcessEnv): InstructionLevel {
  const level = levelOf(instructions);
  const limit = limits[(env.ONEDNN_MAX_CPU_ISA ?? env.DNNL_MAX_CPU_ISA ?? '').toUpperCase()];
  return limit !== undefined && widths.indexOf(limit) < widths.indexOf(level) ? limit : level;
}

/** Returns the warning for a program that has loaded the library without oneDNN, with the remedy. */
export const oneDnnLost = () =>
  ({
    code: 'onednn-off',
    message: [
      'TensorFlow runs without oneDNN: its library was loaded before Temper could turn it on, and TensorFlow leaves it off by itself',
      'for processors without AVX512_VNNI or newer. Updates of convolutional networks can take more than twice as long.',
    ].join(' '),
    hint: [
      `Set ${oneDnnVariable}=1 in the environment, or call \`await loadBackend()\` of @temper/node before anything imports`,
      `@tensorflow/tfjs-node. A binding built by \`${shellCommand('setup --force')}\` needs neither.`,
    ].join(' '),
  }) as const;
