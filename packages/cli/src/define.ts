import type { AnyDefinition, createKit, Plugin } from '@temper/core';
import type { ComparisonInput } from '@temper/experiments';
import type { StandardPlugins } from './standard.js';

/** The config of a run that may use the standard plug-ins and the listed ones. */
export type DistillationConfig<P extends readonly (Plugin | AnyDefinition)[] = readonly []> = {
  /** Plug-ins and definitions of the config; the standard ones are always installed, and may be listed again. */
  readonly plugins?: P;
} & Parameters<ReturnType<typeof createKit<readonly [...StandardPlugins, ...P]>>['run']>[0];

/**
 * Types the config of a run: a default export of `temper.config.ts` made by it is checked while it is written,
 * nested options and own plug-ins included. Returns what it is given.
 * @example
 * export default defineDistillation({
 *   plugins: [mine],
 *   data: { type: 'digits' },
 *   student: { model: { type: 'mlp', hidden: [32] } },
 *   temperature: { type: 'linear', from: 20, to: 1 },
 * });
 */
export function defineDistillation<const P extends readonly (Plugin | AnyDefinition)[] = readonly []>(
  config: DistillationConfig<P>,
): DistillationConfig<P> {
  return config;
}

/**
 * Types a comparison: a default export of `temper.compare.ts` made by it is checked while it is written. Returns what it is given.
 * @example
 * export default defineComparison({
 *   seeds: 5,
 *   variants: { 'T = 4': { temperature: 4 }, falling: { temperature: { type: 'linear', from: 20, to: 1 } } },
 *   grid: { batchSize: [32, 128] },
 * });
 */
export const defineComparison = (comparison: ComparisonInput): ComparisonInput => comparison;
