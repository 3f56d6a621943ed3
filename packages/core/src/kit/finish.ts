import type { LossWeighting } from '../contracts/weighting.js';
import type { Schedule } from '../contracts/schedule.js';
import { TemperError } from '../errors.js';
import { takeFailure } from '../is-tensor.js';
import type { Json } from '../json.js';
import { scheduleWithin } from '../schedule-range.js';
import type { AnyDefinition, Services } from './define.js';
import { show } from './issues.js';
import type { Slot } from './slots.js';
import { asConfig, configOf, withConfig } from './tagged.js';

/** The result for a checked strategy: its normal form, or the strategy itself. */
export interface Finish {
  /** Returns the result for a strategy built in code, if it is known without its config. */
  ready(given: unknown): unknown;
  /** Called with each result and the value that it was made from. */
  made(result: unknown, given: unknown): void;
  number(value: number): unknown;
  record(parts: Readonly<Record<string, unknown>>, config: object): unknown;
  definition(definition: AnyDefinition, options: unknown, config: object): unknown;
}

/** Gives the normal form of a config, and remembers which strategies were built in code. */
export const normalForm = (inCode: InCode): Finish => ({
  ready: () => undefined,
  made: (config, given) => {
    if (configOf(given) !== undefined && typeof config === 'object' && config !== null) inCode.set(config, given);
  },
  number: (value) => value,
  record: (parts) => parts,
  definition: ({ type }, options) => ({ type, ...(options as object) }),
});

/** Strategies built in code, by their configs in normal form. */
export type InCode = WeakMap<object, unknown>;

/**
 * Slots in which a strategy built in code is used as it is: these are pure, so several stages and runs may share one. A data set, a
 * model or a reporter may need the services of a run, so it is built again from its config.
 */
const usedAsBuilt: readonly Slot[] = ['schedule', 'temperature', 'weighting', 'loss', 'optimizer', 'metric'];

/** Gives the strategy of a slot. */
export const strategy = (slot: Slot, services: () => Services, inCode: InCode): Finish => ({
  ready: (given) => {
    const built = usedAsBuilt.includes(slot) && typeof given === 'object' && given !== null ? inCode.get(given) : undefined;
    // An adaptive temperature is refused where a plain schedule is required, with the reason.
    return slot === 'schedule' && typeof built !== 'function' ? undefined : built;
  },
  made: () => undefined,
  number: (value) => withConfig(() => value, value),
  record: (parts, config) => withConfig(weightsOf(parts as Record<string, Schedule>), asConfig(config) as Json),
  definition: (definition, options, config) =>
    withConfig(checkProduct(definition, slot, definition.create(options as never, services())), asConfig(config) as Json),
});

/** Turns a plain record of schedules into a weighting. */
function weightsOf(parts: Readonly<Record<string, Schedule>>): LossWeighting {
  const entries = Object.entries(parts).map(([name, weight]) => [name, scheduleWithin(weight, { path: name, min: 0 })] as const);
  return {
    losses: Object.keys(parts),
    scalars: (at) => Object.fromEntries(entries.map(([name, weight]) => [name, weight(at)])),
  };
}

function checkProduct(definition: AnyDefinition, slot: Slot, product: unknown): unknown {
  const name = `${definition.kind} "${definition.type}"`;
  if (product instanceof Promise) takeFailure(product);
  if (product instanceof Promise || product === null || (typeof product !== 'function' && typeof product !== 'object')) {
    throw new TemperError({
      code: 'plugin/invalid',
      message: `${name} created ${product instanceof Promise ? 'a promise' : show(product)} instead of a ${definition.kind}`,
    });
  }
  if (slot === 'schedule' && typeof product !== 'function') {
    throw new TemperError({
      code: 'config/invalid',
      message:
        `${name} adapts to the batch, to metrics or by learning, which is possible for temperatures only; a plain schedule ` +
        `is required here`,
    });
  }
  return product;
}
