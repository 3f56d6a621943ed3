import { TemperError } from '../errors.js';
import { configOf } from './tagged.js';

/**
 * Refuses a network made in code that was put into a config, which holds plain values only.
 * @throws TemperError `config/invalid`, saying where such a network goes.
 */
export function refuseNetworks(config: unknown): void {
  if (typeof config !== 'object' || config === null) return;
  for (const side of ['student', 'teacher'] as const) {
    const given = (config as Record<string, unknown>)[side];
    const inside = typeof given === 'object' && given !== null ? (given as { readonly model?: unknown }).model : undefined;
    // A function as `model` may be a builder; the schema reports how to use it.
    for (const [path, isIt] of [
      [side, isNetwork(given)],
      [`${side}.model`, typeof inside !== 'function' && isNetwork(inside)],
    ] as const) {
      if (!isIt) continue;
      throw new TemperError({
        code: 'config/invalid',
        path,
        message: 'is a network made in code, but a config holds plain values only',
        hint: `Pass it in the second argument: kit.run(config, { ${side}: model }).`,
      });
    }
  }
}

/** Returns true for a LayersModel, a GraphModel, a Network and a function from inputs to logits. */
const isNetwork = (value: unknown): boolean =>
  (typeof value === 'function' && configOf(value) === undefined) ||
  (typeof value === 'object' && value !== null && ['trainableWeights', 'executeAsync', 'logits'].some((name) => name in value));
