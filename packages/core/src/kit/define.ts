import type { Container, ServiceIdentifier } from 'inversify';
import { z } from 'zod';
import { TemperError } from '../errors.js';
import type { Json } from '../json.js';
import { explain, fromIssues } from './issues.js';
import { slots, type Kind, type Products, type Ref, type Refs, type Slot, type Slots } from './slots.js';
import { asConfig, withConfig } from './tagged.js';

/** Gives a definition's `create` the run's services, by token. */
export interface Services {
  /** The service that is bound to the token. */
  get<T>(token: ServiceIdentifier<T>): T;
}

/** Options as they are given in code, where strategies that are already built stand for their configs. */
export type Given<T> =
  T extends Ref<infer K>
    ? Slots[K] | (K extends 'schedule' | 'temperature' ? number : never)
    : T extends readonly (infer U)[]
      ? readonly Given<U>[]
      : T extends object
        ? { readonly [P in keyof T]: Given<T[P]> }
        : T;

type Shorthand<T, P> = P extends keyof T ? Given<Exclude<T[P], undefined>> : never;
// An object without options has, in zod's types, every name and no value for it.
type Arguments<T, P> = string extends keyof T
  ? [options?: Record<string, never>]
  : object extends T
    ? [options?: Given<T> | Shorthand<T, P>]
    : [options: Given<T> | Shorthand<T, P>];

/** A named strategy: call it with options for the strategy alone, or list it in a plug-in and name it in a config. */
export interface Definition<K extends Kind, N extends string, S extends z.ZodObject, R, P extends PropertyKey = never> {
  (...given: Arguments<z.input<S>, P>): R;
  readonly kind: K;
  readonly type: N;
  /** Schema of the options, from the schemas for nested strategies. */
  readonly options: (ref: Refs) => S;
  /** Makes the strategy from checked options. */
  readonly create: (options: z.output<S>, services: Services) => R;
  /** The option that may be given alone: `constant(4)` for `constant({ value: 4 })`. */
  readonly shorthand: P | undefined;
}

/** The widest definition: what a kit holds. Its parts are functions of types that only the definition knows. */
export interface AnyDefinition {
  readonly kind: Kind;
  readonly type: string;
  /** Schema of the options, from the schemas for nested strategies. */
  readonly options: (ref: Refs) => z.ZodObject;
  /** Makes the strategy from checked options. */
  readonly create: (options: never, services: Services) => unknown;
  readonly shorthand: PropertyKey | undefined;
}

interface CreateSpec<N extends string, S extends z.ZodObject, R, P> {
  readonly type: N;
  /** A zod object, or a function that gets schemas for nested strategies and returns one. */
  readonly options: S | ((ref: Refs) => S);
  readonly create: (options: z.output<S>, services: Services) => R;
  readonly shorthand?: P;
}

interface ClassSpec<N extends string, S extends z.ZodObject, R> {
  readonly type: N;
  readonly options: S | ((ref: Refs) => S);
  /** An `@injectable()` class; its constructor asks for `Tokens.Options` and other services with `@inject`. */
  readonly class: new (
    ...services: never[]
  ) => R;
}

/** Makes instances of class plug-ins; the kit's container has one. */
export interface ClassServices extends Services {
  /** An instance of the class, with these options and the services that its constructor asks for. */
  construct<R>(definition: { type: string; class: new (...services: never[]) => R }, options: unknown): R;
}

interface Define<K extends Kind> {
  <const N extends string, S extends z.ZodObject, R extends Products[K], const P extends keyof z.input<S> & string = never>(
    spec: CreateSpec<N, S, R, P>,
  ): Definition<K, N, S, R, P>;
  <const N extends string, S extends z.ZodObject, R extends Products[K]>(spec: ClassSpec<N, S, R>): Definition<K, N, S, R>;
}

function defineKind<K extends Kind>(kind: K): Define<K> {
  return ((spec: CreateSpec<string, z.ZodObject, unknown, string> | ClassSpec<string, z.ZodObject, unknown>) => {
    const given = spec.options;
    // Strict always: an option with a typing mistake must not pass as a default.
    const options = (ref: Refs): z.ZodObject => {
      const schema = typeof given === 'function' ? given(ref) : given;
      return schema.description === undefined ? schema.strict() : schema.strict().describe(schema.description);
    };
    const create =
      'class' in spec ? (value: unknown, services: Services) => (services as ClassServices).construct(spec, value) : spec.create;
    const shorthand = 'shorthand' in spec ? spec.shorthand : undefined;
    const alone = (value: unknown = {}): unknown => createAlone({ kind, type: spec.type, options, create, shorthand }, value);
    return Object.assign(alone, { kind, type: spec.type, options, create, shorthand });
  }) as unknown as Define<K>;
}

/** A definition called by hand: nested strategies are given built, and there are no services to ask for. */
function createAlone(definition: AnyDefinition, given: unknown): unknown {
  const input = expand(definition, given);
  const parsed = definition.options(looseRefs).safeParse(input, { error: explain, reportInput: true });
  if (!parsed.success) throw fromIssues(parsed.error.issues, [definition.type], `options of ${definition.type}`);
  const built = definition.create(parsed.data as never, noServices(definition));
  const config = asConfig(input);
  return config === undefined ? built : withConfig(built, { type: definition.type, ...(config as Record<string, Json>) });
}

/** `4` for `{ value: 4 }` where the definition says that `value` may stand alone. */
function expand(definition: AnyDefinition, given: unknown): unknown {
  if (definition.shorthand === undefined) return given;
  const options = Object.keys(definition.options(looseRefs).shape);
  const isOptions =
    typeof given === 'object' && given !== null && !Array.isArray(given) && Object.keys(given).some((key) => options.includes(key));
  const isEmpty = typeof given === 'object' && given !== null && Object.keys(given).length === 0;
  return isOptions || isEmpty ? given : { [definition.shorthand]: given };
}

const looseRefs = Object.fromEntries(slots.map((slot) => [slot, z.unknown().transform(acceptBuilt(slot))])) as unknown as Refs;

function acceptBuilt(slot: Slot) {
  return (value: unknown, context: z.RefinementCtx): unknown => {
    if (typeof value === 'number' && (slot === 'schedule' || slot === 'temperature')) {
      if (Number.isFinite(value)) return () => value;
    } else if (typeof value === 'function' || (slot !== 'schedule' && typeof value === 'object' && value !== null && !('type' in value))) {
      return value;
    }
    context.addIssue({
      code: 'custom',
      message: `must be a ${slot} that is already built, got ${JSON.stringify(value)}; call its definition, or use a kit for configs`,
    });
    return z.NEVER;
  };
}

const noServices = (definition: AnyDefinition): ClassServices => {
  const refuse = (): never => {
    throw new TemperError({
      code: 'plugin/invalid',
      message: `${definition.kind} "${definition.type}" asks for services, which exist only in a kit`,
      hint: `Create it with createKit({ plugins: […] }) and kit.${definition.kind}({ type: '${definition.type}', … }).`,
    });
  };
  return { get: refuse, construct: refuse };
};

/**
 * Defines a schedule: a number over progress, for temperature, loss weights and learning rate alike. An operator
 * that also combines adaptive temperatures may create those.
 * @example
 * const halving = defineSchedule({
 *   type: 'halving',
 *   options: z.strictObject({ from: z.number(), every: z.int().min(1) }),
 *   create: ({ from, every }) => ({ step }) => from / 2 ** Math.floor(step / every),
 * });
 * halving({ from: 16, every: 100 })({ step: 250, total: 1000 }); // 4
 */
export const defineSchedule = defineKind('schedule');
/** Defines an adaptive temperature: per sample, learned or driven by metrics. */
export const defineTemperature = defineKind('temperature');
/** Defines a weighting: the weight of every named loss over a stage. */
export const defineWeighting = defineKind('weighting');
/** Defines a loss on logits. */
export const defineLoss = defineKind('loss');
/** Defines an optimizer. */
export const defineOptimizer = defineKind('optimizer');
/** Defines a source of training, validation and test data. */
export const defineData = defineKind('data');
/** Defines a network architecture. */
export const defineModel = defineKind('model');
/** Defines a recipe: parts of a run's config under one name. */
export const defineRecipe = defineKind('recipe');
/**
 * Defines a reporter, which is told of every event of a run and may stop it.
 * @example
 * const target = defineReporter({
 *   type: 'target',
 *   options: z.strictObject({ accuracy: z.number() }),
 *   create: ({ accuracy }) => ({
 *     name: 'target',
 *     report: (event, run) => void (event.type === 'evaluation' && (event.metrics['accuracy'] ?? 0) >= accuracy && run.stop('good enough')),
 *   }),
 * });
 */
export const defineReporter = defineKind('reporter');

/** A named bundle of definitions, and what it binds in every run's container. */
export interface Plugin<D extends readonly AnyDefinition[] = readonly AnyDefinition[]> {
  readonly name: string;
  /** Names of plug-ins that must come with it. */
  readonly requires?: readonly string[];
  readonly provides: D;
  /** Binds or rebinds services in the run's container. */
  readonly services?: (container: Container) => void;
  /** Awaited before a run makes its first tensor, in the order of the plug-ins; the run reports the warnings that it gives. */
  readonly ready?: () => Promise<readonly string[]>;
}

/**
 * Bundles definitions under a name, for `createKit({ plugins: [...] })`.
 * @example const mine = definePlugin({ name: 'mine', provides: [halving] });
 */
export function definePlugin<const D extends readonly AnyDefinition[]>(plugin: Plugin<D>): Plugin<D>;
export function definePlugin(plugin: Omit<Plugin, 'provides'>): Plugin<readonly []>;
export function definePlugin(plugin: Omit<Plugin, 'provides'> & Partial<Pick<Plugin, 'provides'>>): Plugin {
  return { ...plugin, provides: plugin.provides ?? [] };
}
