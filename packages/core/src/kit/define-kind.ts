import type { ServiceIdentifier } from 'inversify';
import { z } from 'zod';
import { perClass } from '../class-schedule.js';
import type { MetricFacts } from '../contracts/metric.js';
import type { ClassSchedule, TemperatureSchedule } from '../contracts/schedule.js';
import { TemperError } from '../errors.js';
import type { Json } from '../json.js';
import { explain, fromIssues } from './issues.js';
import { slots, type Kind, type Products, type Ref, type Refs, type Slot, type Slots } from './slots.js';
import { asConfig, withConfig } from './tagged.js';

/** Gives a definition's `create` the run's services, by token. */
export interface Services {
  /** Returns the service that is bound to the token. */
  get<T>(token: ServiceIdentifier<T>): T;
}

/** Options in code, where built strategies may replace their configs. */
export type Given<T> =
  T extends Ref<infer K>
    ? Slots[K] | (K extends 'schedule' | 'temperature' ? number : never)
    : T extends readonly (infer U)[]
      ? readonly Given<U>[]
      : T extends object
        ? { readonly [P in keyof T]: Given<T[P]> }
        : T;

type Shorthand<T, P> = P extends keyof T ? Given<Exclude<T[P], undefined>> : never;
// zod types an object without options as one with every name and no value.
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
  /** Creates the strategy from checked options. */
  readonly create: (options: z.output<S>, services: Services) => R;
  /** The option of the short form: `constant(4)` for `constant({ value: 4 })`. */
  readonly shorthand: P | undefined;
}

/** A definition without its specific types, as a kit stores it. */
export interface AnyDefinition {
  readonly kind: Kind;
  readonly type: string;
  /** Schema of the options, from the schemas for nested strategies. */
  readonly options: (ref: Refs) => z.ZodObject;
  /** Creates the strategy from checked options. */
  readonly create: (options: never, services: Services) => unknown;
  readonly shorthand: PropertyKey | undefined;
  /** For a metric: the facts that do not depend on its options. */
  readonly facts?: MetricFacts;
}

/** The specification of a definition by a function. */
export interface CreateSpec<N extends string, S extends z.ZodObject, R, P> {
  readonly type: N;
  /** A zod object, or a function that gets schemas for nested strategies and returns one. */
  readonly options: S | ((ref: Refs) => S);
  readonly create: (options: z.output<S>, services: Services) => R;
  readonly shorthand?: P;
}

/** The specification of a definition by a class. */
export interface ClassSpec<N extends string, S extends z.ZodObject, R> {
  readonly type: N;
  readonly options: S | ((ref: Refs) => S);
  /** An `@injectable()` class whose constructor requests `Tokens.Options` and other services with `@inject`. */
  readonly class: new (
    ...services: never[]
  ) => R;
}

/** Creates instances of class plug-ins; the kit's container provides it. */
export interface ClassServices extends Services {
  /** Creates an instance of the class with these options and the services that its constructor requests. */
  construct<R>(definition: { type: string; class: new (...services: never[]) => R }, options: unknown): R;
}

/** Creates definitions of a kind. */
export interface Define<K extends Kind> {
  <const N extends string, S extends z.ZodObject, R extends Products[K], const P extends keyof z.input<S> & string = never>(
    spec: CreateSpec<N, S, R, P>,
  ): Definition<K, N, S, R, P>;
  <const N extends string, S extends z.ZodObject, R extends Products[K]>(spec: ClassSpec<N, S, R>): Definition<K, N, S, R>;
}

/** Makes definitions of temperatures; `create` may return a function of progress that gives one number for each class. */
export interface DefineTemperature {
  <
    const N extends string,
    S extends z.ZodObject,
    R extends TemperatureSchedule | ClassSchedule,
    const P extends keyof z.input<S> & string = never,
  >(
    spec: CreateSpec<N, S, R, P>,
  ): Definition<'temperature', N, S, R extends ClassSchedule ? TemperatureSchedule : R, P>;
  <const N extends string, S extends z.ZodObject, R extends TemperatureSchedule>(
    spec: ClassSpec<N, S, R>,
  ): Definition<'temperature', N, S, R>;
}

/** Returns the function that creates definitions of a kind. */
export function defineKind<K extends Kind>(kind: K): Define<K> {
  return ((spec: CreateSpec<string, z.ZodObject, unknown, string> | ClassSpec<string, z.ZodObject, unknown>) => {
    const given = spec.options;
    // Always strict: a misspelled option must not be ignored in favor of its default.
    const options = (ref: Refs): z.ZodObject => {
      const schema = typeof given === 'function' ? given(ref) : given;
      return schema.description === undefined ? schema.strict() : schema.strict().describe(schema.description);
    };
    const create = kind === 'temperature' ? withClasses(creatorOf(spec)) : creatorOf(spec);
    const shorthand = 'shorthand' in spec ? spec.shorthand : undefined;
    const alone = (value: unknown = {}): unknown => createAlone({ kind, type: spec.type, options, create, shorthand }, value);
    return Object.assign(alone, { kind, type: spec.type, options, create, shorthand });
  }) as unknown as Define<K>;
}

/** Lets a definition of a temperature create a function of progress that gives one number for each class. */
const withClasses =
  (create: CreateSpec<string, z.ZodObject, unknown, never>['create']): typeof create =>
  (options, services) => {
    const made = create(options, services);
    return typeof made === 'function' ? perClass(made as ClassSchedule) : made;
  };

/** Returns the function that creates the strategy, from a function or a class. */
export const creatorOf = <S extends z.ZodObject, R>(
  spec: Pick<CreateSpec<string, S, R, never>, 'create' | 'type'> | Pick<ClassSpec<string, S, R>, 'class' | 'type'>,
): ((options: z.output<S>, services: Services) => R) =>
  'class' in spec ? (options, services) => (services as ClassServices).construct(spec, options) : spec.create;

/** Creates a strategy outside of a kit: nested strategies are already built, and there are no services. */
function createAlone(definition: AnyDefinition, given: unknown): unknown {
  const input = expand(definition, given);
  const parsed = definition.options(looseRefs).safeParse(input, { error: explain, reportInput: true });
  if (!parsed.success) throw fromIssues(parsed.error.issues, [definition.type], `options of ${definition.type}`);
  const built = definition.create(parsed.data as never, noServices(definition));
  const config = asConfig(input);
  return config === undefined ? built : withConfig(built, { type: definition.type, ...(config as Record<string, Json>) });
}

/** Expands the shorthand: `4` to `{ value: 4 }`. */
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
      message: `must be a built ${slot}, got ${JSON.stringify(value)}; call its definition, or use a kit for configs`,
    });
    return z.NEVER;
  };
}

const noServices = (definition: AnyDefinition): ClassServices => {
  const refuse = (): never => {
    throw new TemperError({
      code: 'plugin/invalid',
      message: `${definition.kind} "${definition.type}" needs services, which exist only in a kit`,
      hint: `Create it with createKit({ plugins: […] }) and kit.${definition.kind}({ type: '${definition.type}', … }).`,
    });
  };
  return { get: refuse, construct: refuse };
};
