import type { Json } from '../json.js';

const tag: unique symbol = Symbol.for('temper.config');

/**
 * Stores the equivalent config on a built strategy, so that code and JSON are interchangeable. A value that already has a config (an
 * operator may return one of its parts) is wrapped, so that the part keeps its own.
 */
export function withConfig<T>(built: T, config: Json): T {
  if ((typeof built !== 'object' || built === null) && typeof built !== 'function') return built;
  const own = Object.hasOwn(built, tag) || !Object.isExtensible(built) ? wrap(built) : built;
  return Object.defineProperty(own, tag, { value: config });
}

function wrap<T extends object>(built: T): T {
  if (typeof built !== 'function') return Object.assign(Object.create(Object.getPrototypeOf(built) as object), built) as T;
  const call = built as unknown as (...args: unknown[]) => unknown;
  return Object.assign((...args: unknown[]) => call(...args), built);
}

/**
 * Returns the config of a strategy that a definition built, or undefined for any other value.
 * @example configOf(linear({ from: 20, to: 1 })) // { type: 'linear', from: 20, to: 1 }
 */
export function configOf(built: unknown): Json | undefined {
  if ((typeof built !== 'object' || built === null) && typeof built !== 'function') return undefined;
  return (built as { [tag]?: Json })[tag];
}

/** Returns options in which configs replace all built strategies; undefined where a strategy has no config. */
export function asConfig(value: unknown): Json | undefined {
  const config = configOf(value);
  if (config !== undefined) return config;
  if (Array.isArray(value)) {
    const items = value.map(asConfig);
    return items.includes(undefined) ? undefined : (items as Json[]);
  }
  if (typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, asConfig(item)] as const);
    return entries.some(([, item]) => item === undefined) ? undefined : (Object.fromEntries(entries) as Json);
  }
  return value === null || ['boolean', 'number', 'string'].includes(typeof value) ? (value as Json) : undefined;
}
