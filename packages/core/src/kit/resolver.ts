import { z } from 'zod';
import { TemperError, unknownName, type ErrorDetails } from '../errors.js';
import type { Json } from '../json.js';
import { reasonOf } from '../reason.js';
import type { AnyDefinition, Services } from './define.js';
import { asPath } from '../path.js';
import { explain, fromIssues, show } from './issues.js';
import type { Registry } from './registry.js';
import { slots, slotTable, type Refs, type Slot, type Slots } from './slots.js';
import { normalForm, strategy, type Finish, type InCode } from './finish.js';
import { configOf } from './tagged.js';

/** Turns the value of a slot in a config into its normal form, or into the strategy itself. */
export interface Resolver {
  /** Schemas that check a nested strategy and return its normal form. */
  readonly checking: Refs;
  normal(slot: Slot, config: unknown, path: readonly PropertyKey[]): Json;
  build<K extends Slot>(slot: K, config: unknown, path: readonly PropertyKey[], services: Services): Slots[K];
}

/**
 * One options function per definition is read three ways: with checking schemas for nested strategies (parse), with
 * building ones (build), and with plain unions (JSON Schema, see `json-schema.ts`).
 */
export function createResolver(registry: Registry): Resolver {
  const inCode: InCode = new WeakMap();
  const checking: Refs = refs((slot) => resolve(registry, slot, () => checking, normalForm(inCode)));
  // A schema is compiled when it is first used, which takes longer than using it: all builds share the schemas and find services here.
  let current: Services | undefined;
  const building: Refs = refs((slot) =>
    resolve(
      registry,
      slot,
      () => building,
      strategy(slot, () => current as Services, inCode),
    ),
  );
  return {
    checking,
    normal(slot, config, path) {
      const checked = checking[slot].safeParse(config, { error: explain, reportInput: true });
      if (!checked.success) throw fromIssues(checked.error.issues, path, String(slot));
      return checked.data as never;
    },
    build(slot, config, path, services) {
      const outer = current;
      current = services;
      try {
        // The check records which strategies were built in code.
        const checked = configOf(config) === undefined ? undefined : checking[slot].safeParse(config);
        const parsed = building[slot].safeParse(checked?.success === true ? checked.data : config, { error: explain, reportInput: true });
        if (!parsed.success) throw fromIssues(parsed.error.issues, path, String(slot));
        return parsed.data as never;
      } finally {
        current = outer;
      }
    },
  };
}

/** Creates schemas by slot, each when it is first requested: most strategies nest few others. */
function refs(make: (slot: Slot) => z.ZodType): Refs {
  const made = {} as Refs;
  for (const slot of slots) {
    const once = (): z.ZodType => {
      const value = make(slot);
      Object.defineProperty(made, slot, { value, enumerable: true });
      return value;
    };
    Object.defineProperty(made, slot, { get: once, enumerable: true, configurable: true });
  }
  return made;
}

function resolve(registry: Registry, slot: Slot, nested: () => Refs, finish: Finish): z.ZodType {
  const schemas = new Map<AnyDefinition, z.ZodObject>();
  const optionsOf = (definition: AnyDefinition): z.ZodObject => {
    const known = schemas.get(definition) ?? definition.options(nested());
    schemas.set(definition, known);
    return known;
  };
  const read = (given: unknown, context: z.RefinementCtx): unknown => {
    const written = configOf(given) ?? given;
    const { takesNames, takesNumbers } = slotTable[slot];
    const config = takesNames === true && typeof written === 'string' ? { type: written } : written;
    if (takesNumbers === true && typeof config === 'number') {
      if (Number.isFinite(config)) return finish.number(config);
      return refuse(context, { code: 'config/invalid', message: `must be a finite number or a schedule, got ${config}` });
    }
    if (typeof config === 'function' || isBuilt(config)) {
      return refuse(context, {
        code: 'config/invalid',
        message:
          `is ${typeof config === 'function' ? 'a function without a name' : 'an object with functions in it'}, which cannot be ` +
          `saved with the run`,
        hint:
          `Make it a definition (define${slot === 'temperature' ? 'Schedule' : capital(slot)}({ type, options, create })) and ` +
          `list it in plugins.${slot === 'reporter' ? ' In code it may be passed to run(): { reporters: […] }.' : ''}`,
      });
    }
    if (typeof config !== 'object' || config === null || Array.isArray(config)) {
      const what = config === undefined ? 'is missing; it must be' : 'must be';
      const got = config === undefined ? '' : `, got ${show(config)}`;
      return refuse(context, {
        code: 'config/invalid',
        message: `${what} ${article(slot)} ${wordOf(slot)}${example(registry, slot)}${got}`,
      });
    }
    if (slot === 'weighting' && !('type' in config)) return resolveRecord(config, nested(), context, finish);
    const { type, ...options } = config as { type?: unknown };
    const definitions = registry.list(slotTable[slot].kinds);
    const definition = typeof type === 'string' ? registry.find(slotTable[slot].kinds, type) : undefined;
    if (definition === undefined) {
      const names = definitions.map((one) => one.type);
      const message =
        typeof type === 'string'
          ? unknownName(slot, type, names)
          : `is missing; it must name ${article(slot)} ${wordOf(slot)}: ${names.sort().join(', ') || 'none is installed'}`;
      return refuse(context, {
        code: 'config/unknown-name',
        message,
        path: 'type',
        hint: names.length === 0 ? `No plug-in of this kit provides a ${slot}.` : 'Your own definitions must be listed in plugins.',
      });
    }
    const parsed = optionsOf(definition).safeParse(options, { error: explain, reportInput: true });
    if (!parsed.success) return forward(context, parsed.error.issues);
    try {
      return finish.definition(definition, parsed.data, config);
    } catch (error) {
      if (error instanceof TemperError) return refuse(context, error.details);
      return refuse(context, {
        code: 'plugin/invalid',
        message: `${definition.kind} "${definition.type}" failed while it was created: ${reasonOf(error)}`,
        cause: error,
      });
    }
  };
  return z.unknown().transform((given, context) => {
    const result = finish.ready(given) ?? read(given, context);
    finish.made(result, given);
    return result;
  });
}

function resolveRecord(config: object, nested: Refs, context: z.RefinementCtx, finish: Finish): unknown {
  const parsed = z.record(z.string(), nested.schedule).safeParse(config, { error: explain, reportInput: true });
  if (!parsed.success) return forward(context, parsed.error.issues);
  try {
    return finish.record(parsed.data, config);
  } catch (error) {
    if (error instanceof TemperError) return refuse(context, error.details);
    throw error;
  }
}

function forward(context: z.RefinementCtx, issues: readonly z.core.$ZodIssue[]): never {
  for (const issue of issues) context.issues.push({ ...issue, path: [...issue.path], continue: false } as never);
  return z.NEVER;
}

function refuse(context: z.RefinementCtx, details: ErrorDetails): never {
  const { path, ...rest } = details;
  context.addIssue({
    code: 'custom',
    message: details.message,
    path: [...asPath(path)],
    params: { details: rest },
  });
  return z.NEVER;
}

/** Whether a value is an object with methods, which a config cannot contain. */
const isBuilt = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !('type' in value) && Object.values(value).some((part) => typeof part === 'function');
const capital = (text: string): string => text[0]?.toUpperCase() + text.slice(1);
const wordOf = (slot: Slot): string => slotTable[slot].word ?? slot;
const article = (word: string): string => (/^[aeiou]/.test(word) ? 'an' : 'a');

/** Returns an example for a slot, for messages: a plain number or record, or the first definition that needs no options. */
function example(registry: Registry, slot: Slot): string {
  const found = registry.list(slotTable[slot].kinds).find(({ options }) => options(nothing).safeParse({}).success);
  const shown = slotTable[slot].example ?? (found === undefined ? undefined : `{ "type": "${found.type}" }`);
  return shown === undefined ? '' : `, for instance ${shown}`;
}

/** Schemas that accept no strategy in any slot. */
const nothing: Refs = refs(() => z.never());
